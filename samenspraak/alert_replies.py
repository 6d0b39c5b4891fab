"""Lets a running alert claim what people answer to it: the one place where conversations and broadcasts meet."""

from bots.claims import EMERGENCY, Claim, whom_to_call
from bots.conversation import Owner
from bots.turn import Reply, Turn
from broadcast import acknowledgement, acknowledging, replies
from broadcast.acknowledgement import Answer
from broadcast.repository.acknowledgements import Asked, Said
from locales.catalogue import translate


async def acknowledge(turn: Turn) -> Claim | None:
    """Somebody says that they are safe, or need help: then the number to call comes first, and officers are told."""
    given = acknowledgement.read(turn.incoming.choice, turn.incoming.text)
    if given is None:
        return None
    organisation_id, resident_id = turn.organisation.id, turn.resident.id
    asked = await acknowledging.asked(turn.connection, organisation_id, resident_id, given, turn.now)
    if asked is None or (given.by_number and _answers_else(turn, asked)):
        return None
    said = Said(
        alert_id=asked.alert_id,
        event_id=asked.event_id,
        resident_id=resident_id,
        answer=given.answer,
        channel=turn.address.channel,
        conversation_id=turn.conversation.id,
        at=turn.received_at,
    )
    await acknowledging.note(turn.connection, organisation_id, said)
    if given.answer is Answer.NEED_HELP:
        reply = whom_to_call(turn, EMERGENCY, Answer.NEED_HELP)
    else:
        reply = _thanks(turn, acknowledgement.NOTED)
    return Claim("alert", reply, intent=_INTENT[given.answer], event_id=asked.event_id)


_INTENT = {Answer.SAFE: "affirm", Answer.NEED_HELP: "emergency"}


def _answers_else(turn: Turn, asked: Asked) -> bool:
    """A number goes to whoever asked last: the officer who has the conversation, the bot, or the alert."""
    by_bot = turn.choice is not None and turn.conversation.last_message_at > asked.at
    return by_bot or turn.conversation.owner is Owner.OFFICER


def _thanks(turn: Turn, message: str) -> Reply:
    text = translate("broadcast", turn.voice.language, message, turn.organisation.address_form)
    return Reply(text, substantive=False, dialogue=turn.conversation.dialogue)


async def claim(turn: Turn) -> Claim | None:
    """A message that answers an alert is kept under it and thanked for; a choice that the bot offered is no such."""
    if turn.choice is not None:
        return None
    answer = await replies.take(
        turn.connection,
        organisation_id=turn.organisation.id,
        sender_id=turn.conversation.sender_id,
        resident_id=turn.resident.id,
        quoted=turn.incoming.quoted,
        intent=turn.interpretation.intent,
        confidence=turn.interpretation.confidence,
        now=turn.now,
        conversation_id=turn.conversation.id,
        channel=turn.address.channel,
    )
    if answer is None:
        return None
    return Claim("alert", _thanks(turn, answer.acknowledgement), event_id=answer.event_id)
