"""What Telegram tells a bot, as the JSON objects of the Bot API; pure functions."""

from collections.abc import Mapping
from typing import Any, Literal

from simulator.personas import Persona

Json = dict[str, Any]
MediaKind = Literal["photo", "location", "voice"]


def user(person: Persona) -> Json:
    """The person as the sender of something."""
    found = {"id": person.chat_id, "is_bot": False, "first_name": person.name}
    return found | ({"language_code": person.language_code} if person.language_code else {})


def private_chat(chat_id: int, name: str) -> Json:
    """The chat of one person with the bot."""
    return {"id": chat_id, "type": "private", "first_name": name}


def bot_user(bot_id: int, username: str) -> Json:
    """The bot as a user, as in the messages that it sent."""
    return {"id": bot_id, "is_bot": True, "first_name": username, "username": username}


def media(kind: MediaKind, file_id: str, place: tuple[float, float]) -> Json:
    """The part of a message that holds a photo, a voice note or a place (latitude, longitude)."""
    unique = {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": 100}
    if kind == "photo":
        return {"photo": [unique | {"width": 90, "height": 90}, unique | {"width": 800, "height": 800}]}
    if kind == "voice":
        return {"voice": unique | {"duration": 3, "mime_type": "audio/ogg"}}
    return {"location": {"latitude": place[0], "longitude": place[1]}}


def message(
    message_id: int, date: int, person: Persona, content: Mapping[str, Any], quoted: Mapping[str, Any] | None
) -> Json:
    """A message that a person wrote in their private chat."""
    found: Json = {
        "message_id": message_id,
        "from": user(person),
        "chat": private_chat(person.chat_id or 0, person.name),
        "date": date,
        **content,
    }
    text = str(content.get("text", ""))
    if text.startswith("/"):
        found["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    if quoted:
        found["reply_to_message"] = {name: value for name, value in quoted.items() if name != "reply_to_message"}
    return found


def callback_query(query_id: str, person: Persona, pressed: Mapping[str, Any], data: str) -> Json:
    """A person pressed a button below a message of the bot."""
    return {
        "id": query_id,
        "from": user(person),
        "message": dict(pressed),
        "chat_instance": str(person.chat_id),
        "data": data,
    }


def membership(date: int, person: Persona, bot: Json, *, blocked: bool) -> Json:
    """A person blocked the bot, or took that back."""
    old, new = ("member", "kicked") if blocked else ("kicked", "member")

    def state(status: str) -> Json:
        return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    return {
        "chat": private_chat(person.chat_id or 0, person.name),
        "from": user(person),
        "date": date,
        "old_chat_member": state(old),
        "new_chat_member": state(new),
    }
