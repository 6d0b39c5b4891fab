"""Lets a running alert claim what people answer to it: the one place where conversations and broadcasts meet."""

from bots.claims import Claim
from bots.turn import Reply, Turn
from broadcast import replies
from locales.catalogue import translate


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
    text = translate("broadcast", turn.voice.language, answer.acknowledgement, turn.organisation.address_form)
    reply = Reply(text, substantive=False, dialogue=turn.conversation.dialogue)
    return Claim("alert", reply, event_id=answer.event_id)
