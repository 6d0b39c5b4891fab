"""Telegram's updates in our form."""

from typing import Any

import pytest

from messaging.incoming import ChannelKind, Incoming, IncomingKind
from messaging.telegram.update import parse, secret_valid

CHAT = {"id": 42, "type": "private", "first_name": "An"}
AN = {"id": 42, "is_bot": False, "first_name": "An", "last_name": "Peeters", "language_code": "nl-BE"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Lindestraat"}


def message(**fields: Any) -> dict[str, object]:
    return {"message_id": 7, "date": 1_700_000_000, "chat": CHAT, "from": AN} | fields


def parsed(**update: Any) -> Incoming:
    incoming = parse({"update_id": 1001} | update)
    assert incoming is not None
    return incoming


def test_a_text_keeps_who_wrote_it_where_and_in_which_language() -> None:
    assert parsed(message=message(text="Wanneer wordt papier opgehaald?")) == Incoming(
        provider_id="1001",
        channel=ChannelKind.TELEGRAM,
        address="42",
        kind=IncomingKind.TEXT,
        text="Wanneer wordt papier opgehaald?",
        display_name="An Peeters",
        language_code="nl",
    )


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"photo": [{"file_id": "f"}]}, IncomingKind.PHOTO),
        ({"video": {"file_id": "f"}}, IncomingKind.VIDEO),
        ({"video_note": {"file_id": "f"}}, IncomingKind.VIDEO),
        ({"animation": {"file_id": "f"}, "document": {"file_id": "f"}}, IncomingKind.VIDEO),
        ({"voice": {"file_id": "f"}}, IncomingKind.VOICE),
        ({"audio": {"file_id": "f"}}, IncomingKind.VOICE),
        ({"location": {"latitude": 51.1, "longitude": 5.4}}, IncomingKind.LOCATION),
        ({"venue": {"title": "Plein"}, "location": {"latitude": 51.1, "longitude": 5.4}}, IncomingKind.LOCATION),
        ({"contact": {"phone_number": "1"}}, IncomingKind.CONTACT),
        ({"document": {"file_id": "f"}}, IncomingKind.DOCUMENT),
        ({"sticker": {"file_id": "f"}}, IncomingKind.STICKER),
        ({"dice": {"emoji": "🎲", "value": 3}}, IncomingKind.OTHER),
        ({"something_of_next_year": {"a": 1}}, IncomingKind.OTHER),
    ],
)
def test_every_kind_of_message_is_named_and_its_caption_counts_as_text(
    fields: dict[str, object], kind: IncomingKind
) -> None:
    assert parsed(message=message(**fields)).kind is kind
    assert parsed(message=message(caption="Kijk hier", **fields)).text == "Kijk hier"


def test_a_message_without_words_has_an_empty_text() -> None:
    assert parsed(message=message(voice={"file_id": "f"})).text == ""


def test_an_answer_names_the_message_that_it_answers_as_we_know_it() -> None:
    assert parsed(message=message(text="ja", reply_to_message={"message_id": 5})).quoted == "42:5"


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("/stop", "stop"),
        ("/START netwerk-7", "start"),
        ("/help@lindebeke_bot", "help"),
        ("/papier", None),
        ("stop", None),
        ("/", None),
    ],
)
def test_commands_for_stopping_starting_and_help_are_recognised(text: str, keyword: str | None) -> None:
    assert parsed(message=message(text=text)).keyword == keyword


@pytest.mark.parametrize(
    ("code", "language"), [("nl", "nl"), ("fr-BE", "fr"), ("DE", "de"), ("en-GB", "en"), ("tr", None), ("", None)]
)
def test_only_the_four_languages_seed_the_language(code: str, language: str | None) -> None:
    assert parsed(message=message(text="x", **{"from": AN | {"language_code": code}})).language_code == language


def test_a_group_is_not_private() -> None:
    incoming = parsed(message=message(text="iets gezien", chat=GROUP))
    assert (incoming.address, incoming.private) == ("-100123", False)


def test_a_pressed_button_gives_its_data_its_words_and_its_message() -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ja, melden", "callback_data": "report:yes"}]]}
    query = {"id": "99", "from": AN, "data": "report:yes", "message": message(reply_markup=keyboard)}
    incoming = parsed(callback_query=query)
    assert incoming.kind is IncomingKind.CHOICE
    assert (incoming.choice, incoming.text) == ("report:yes", "Ja, melden")
    assert (incoming.callback_query_id, incoming.quoted, incoming.address) == ("99", "42:7", "42")


def test_a_button_under_a_message_that_is_gone_still_answers_its_person() -> None:
    incoming = parsed(callback_query={"id": "99", "from": AN, "data": "a"})
    assert (incoming.address, incoming.choice, incoming.quoted, incoming.private) == ("42", "a", None, True)


@pytest.mark.parametrize(("chat", "private"), [(CHAT, True), (GROUP, False)])
@pytest.mark.parametrize("status", ["kicked", "left"])
def test_whoever_blocks_our_bot_is_known_as_such(chat: dict[str, object], private: bool, status: str) -> None:
    incoming = parsed(my_chat_member={"chat": chat, "from": AN, "new_chat_member": {"status": status}})
    assert (incoming.blocked, incoming.private) == (True, private)


@pytest.mark.parametrize(
    "update",
    [
        {"edited_message": message(text="x")},
        {"channel_post": message(text="x")},
        {"edited_channel_post": message(text="x")},
        {"my_chat_member": {"chat": CHAT, "from": AN, "new_chat_member": {"status": "member"}}},
        {"message_reaction": {"chat": CHAT}},
        {"poll": {}},
        {},
    ],
)
def test_what_asks_nothing_of_us_is_left_alone(update: dict[str, object]) -> None:
    assert parse({"update_id": 1} | update) is None


def test_broken_characters_are_mended_so_that_the_text_can_be_stored() -> None:
    assert parsed(message=message(text="a\ud800b\0c😀")).text == "a\ufffdbc😀"


def test_only_the_right_secret_is_valid() -> None:
    assert secret_valid("s3cret", "s3cret")
    assert not any(secret_valid("s3cret", given) for given in ("", "s3cre", "s3crett", "S3CRET", "é", "\udcff", None))


def test_an_empty_secret_is_never_valid() -> None:
    assert not secret_valid("", "")
    assert not secret_valid("", None)
