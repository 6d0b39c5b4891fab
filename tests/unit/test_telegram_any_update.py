"""Whatever JSON object Telegram, or anyone with our secret, may post."""

from hypothesis import given
from hypothesis import strategies as st
from telegram import CallbackQuery, Chat, Message, PhotoSize, Update, User

from messaging.incoming import Incoming, IncomingKind
from messaging.telegram.update import parse

FIELDS = [
    "message",
    "callback_query",
    "my_chat_member",
    "new_chat_member",
    "chat",
    "from",
    "id",
    "type",
    "text",
    "caption",
    "data",
    "status",
    "photo",
    "location",
    "message_id",
    "reply_to_message",
    "reply_markup",
    "inline_keyboard",
    "callback_data",
    "first_name",
    "language_code",
]
# st.characters with surrogates: JSON's escapes may hold halves of pairs.
WORDS = st.text(st.characters(exclude_categories=()), max_size=12)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.sampled_from(["private", "kicked", "/stop"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | WORDS, inner, max_size=6),
    max_leaves=30,
)
MESSAGE = st.fixed_dictionaries(
    {"chat": st.fixed_dictionaries({"id": SCALARS}, optional={"type": JSON})},
    optional={field: JSON for field in FIELDS if field != "chat"},
)


@given(st.dictionaries(st.sampled_from([*FIELDS, "update_id"]) | WORDS, JSON, max_size=8))
def test_any_object_is_read_without_an_error(update: dict[str, object]) -> None:
    _storable(parse(update))


@given(st.integers(), st.sampled_from(FIELDS[:3]), MESSAGE)
def test_any_object_in_the_shape_of_an_update_is_read_without_an_error(
    update_id: int, field: str, body: dict[str, object]
) -> None:
    _storable(parse({"update_id": update_id, field: body}))


@given(st.integers(1, 2**40), st.integers(-(2**40), 2**40), st.text(min_size=1, max_size=50))
def test_we_read_what_the_library_writes(update_id: int, chat: int, text: str) -> None:
    sender = User(chat, "An", is_bot=False)
    message = Message(3, None, Chat(chat, "private"), from_user=sender, text=text)  # type: ignore[arg-type]
    photo = Message(4, None, Chat(chat, "private"), photo=[PhotoSize("f", "u", 1, 1)])  # type: ignore[arg-type]
    pressed = CallbackQuery("9", sender, "c", message=message, data="yes")
    read = parse(Update(update_id, message=message).to_dict())
    assert read is not None
    assert (read.address, read.text, read.private) == (str(chat), text.replace("\0", ""), True)
    assert _kind(Update(update_id, message=photo)) is IncomingKind.PHOTO
    assert _kind(Update(update_id, callback_query=pressed)) is IncomingKind.CHOICE


def _kind(update: Update) -> IncomingKind | None:
    read = parse(update.to_dict())
    return read.kind if read else None


def _storable(incoming: Incoming | None) -> None:
    if incoming is None:
        return
    for value in (incoming.text, incoming.display_name, incoming.choice, incoming.callback_query_id):
        assert "\0" not in (value or "")
        (value or "").encode()
