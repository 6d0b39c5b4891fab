"""The methods of the Bot API (10.1) that the far end knows: a table of their parameters, and the check against it."""

from collections.abc import Mapping
from typing import Any

from simulator.parameter_types import (
    Reader,
    Shape,
    Wrong,
    anything,
    array,
    boolean,
    chat,
    file,
    integer,
    number,
    one_of,
    string,
)


def _bytes_of_button(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= 64:  # noqa: PLR2004 (the table's own limit)
        raise Wrong("must have 1 to 64 bytes", "BUTTON_DATA_INVALID")
    return value


def _secret(value: Any) -> str:
    secret: str = string(1, 256)(value)
    if not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        raise Wrong("may hold only A-Z, a-z, 0-9, _ and -", "secret token contains unallowed characters")
    return secret


PARSE_MODE = one_of("HTML", "Markdown", "MarkdownV2")
ENTITY = Shape(
    {
        "type": string(1),
        "offset": integer(0),
        "length": integer(1),
        "url": string(),
        "user": anything,
        "language": string(),
        "custom_emoji_id": string(),
        "unix_time": integer(),
        "date_time_format": string(),
    },
    frozenset({"type", "offset", "length"}),
)
ACTIONS: Mapping[str, Reader] = {
    "url": string(1),
    "callback_data": _bytes_of_button,
    "web_app": anything,
    "login_url": anything,
    "switch_inline_query": string(),
    "switch_inline_query_current_chat": string(),
    "switch_inline_query_chosen_chat": anything,
    "copy_text": anything,
    "callback_game": anything,
    "pay": boolean,
}
_BUTTON = Shape(
    {
        "text": string(1),
        "icon_custom_emoji_id": string(),
        "style": one_of("danger", "success", "primary"),
        **ACTIONS,
    },
    frozenset({"text"}),
)


def _button(value: Any) -> dict[str, Any]:
    found = _BUTTON(value)
    if sum(name in ACTIONS for name in found) != 1:
        raise Wrong("must do exactly one thing", "inline keyboard button must do exactly one thing")
    return found


INLINE_KEYBOARD = Shape({"inline_keyboard": array(array(_button))}, frozenset({"inline_keyboard"}))


def _markup(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = anything(value)
    if "inline_keyboard" in found:
        return INLINE_KEYBOARD(found)
    if not {"keyboard", "remove_keyboard", "force_reply"} & found.keys():
        raise Wrong("must be a keyboard", "object expected as reply markup")
    return found


REPLY = Shape(
    {
        "message_id": integer(1),
        "chat_id": chat,
        "allow_sending_without_reply": boolean,
        "quote": string(0, 1024),
        "quote_parse_mode": PARSE_MODE,
        "quote_entities": array(ENTITY),
        "quote_position": integer(0),
        "checklist_task_id": integer(),
        "poll_option_id": string(),
    },
    frozenset({"message_id"}),
)
LINK_PREVIEW = Shape(
    {
        "is_disabled": boolean,
        "url": string(),
        "prefer_small_media": boolean,
        "prefer_large_media": boolean,
        "show_above_text": boolean,
    }
)
COMMAND = Shape({"command": string(1, 32), "description": string(1, 256)}, frozenset({"command", "description"}))
TEXT = string(1, 4096, empty="message text is empty", long="message is too long")
ALLOWED_UPDATES = array(string(1))

_SEND: Mapping[str, Reader] = {
    "business_connection_id": string(),
    "chat_id": chat,
    "message_thread_id": integer(),
    "direct_messages_topic_id": integer(),
    "disable_notification": boolean,
    "protect_content": boolean,
    "allow_paid_broadcast": boolean,
    "message_effect_id": string(),
    "suggested_post_parameters": anything,
    "reply_parameters": REPLY,
    "reply_markup": _markup,
}

METHODS: Mapping[str, Shape] = {
    "getMe": Shape({}),
    "getWebhookInfo": Shape({}),
    "deleteWebhook": Shape({"drop_pending_updates": boolean}),
    "setWebhook": Shape(
        {
            "url": string(),
            "certificate": file,
            "ip_address": string(),
            "max_connections": integer(1, 100),
            "allowed_updates": ALLOWED_UPDATES,
            "drop_pending_updates": boolean,
            "secret_token": _secret,
        },
        frozenset({"url"}),
    ),
    "getUpdates": Shape(
        {"offset": integer(), "limit": integer(1, 100), "timeout": integer(0), "allowed_updates": ALLOWED_UPDATES}
    ),
    "sendMessage": Shape(
        {
            **_SEND,
            "text": TEXT,
            "parse_mode": PARSE_MODE,
            "entities": array(ENTITY),
            "link_preview_options": LINK_PREVIEW,
        },
        frozenset({"chat_id", "text"}),
    ),
    "editMessageText": Shape(
        {
            "business_connection_id": string(),
            "chat_id": chat,
            "message_id": integer(1),
            "inline_message_id": string(),
            "text": TEXT,
            "parse_mode": PARSE_MODE,
            "entities": array(ENTITY),
            "link_preview_options": LINK_PREVIEW,
            "rich_message": anything,
            "reply_markup": INLINE_KEYBOARD,
        }
    ),
    "sendChatAction": Shape(
        {
            "business_connection_id": string(),
            "chat_id": chat,
            "message_thread_id": integer(),
            "action": one_of(
                "typing",
                "upload_photo",
                "record_video",
                "upload_video",
                "record_voice",
                "upload_voice",
                "upload_document",
                "choose_sticker",
                "find_location",
                "record_video_note",
                "upload_video_note",
            ),
        },
        frozenset({"chat_id", "action"}),
    ),
    "answerCallbackQuery": Shape(
        {
            "callback_query_id": string(1),
            "text": string(0, 200, long="MESSAGE_TOO_LONG"),
            "show_alert": boolean,
            "url": string(),
            "cache_time": integer(0),
        },
        frozenset({"callback_query_id"}),
    ),
    "setMyCommands": Shape(
        {"commands": array(COMMAND, 100), "scope": anything, "language_code": string(0, 2)}, frozenset({"commands"})
    ),
    "sendPhoto": Shape(
        {
            **_SEND,
            "photo": file,
            "caption": string(0, 1024, long="message caption is too long"),
            "parse_mode": PARSE_MODE,
            "caption_entities": array(ENTITY),
            "show_caption_above_media": boolean,
            "has_spoiler": boolean,
        },
        frozenset({"chat_id", "photo"}),
    ),
    "sendLocation": Shape(
        {
            **_SEND,
            "latitude": number(-90, 90),
            "longitude": number(-180, 180),
            "horizontal_accuracy": number(0, 1500),
            "live_period": integer(60),
            "heading": integer(1, 360),
            "proximity_alert_radius": integer(1, 100_000),
        },
        frozenset({"chat_id", "latitude", "longitude"}),
    ),
    "getFile": Shape({"file_id": string(1)}, frozenset({"file_id"})),
}


def read_call(method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as Python values; raises Wrong when the specification does not allow them."""
    return METHODS[method].check(parameters)
