"""An officer who sends the bot the word of their account page is told there, from then on, that somebody waits."""

from bots.claims import Claim
from bots.notify import TELEGRAM_CONTEXT
from bots.turn import Reply, Turn
from messaging.incoming import ChannelKind
from people import officer_link
from people.repository import officers
from storage.repository import AuditLine, append_audit

LINKED = "You are an officer of {organisation}: from now on you are told here when somebody waits for a colleague."


async def claim(turn: Turn) -> Claim | None:
    """The word, alone or behind /start as a link gives it."""
    if turn.incoming.channel is not ChannelKind.TELEGRAM:
        return None
    officer_id = officer_link.officer_of(turn.vault, turn.incoming.text.removeprefix("/start"), turn.now)
    if officer_id is None:
        return None
    sealed = turn.vault.seal(turn.incoming.address.encode(), TELEGRAM_CONTEXT)
    if not await officers.set_telegram(turn.connection, turn.organisation.id, officer_id, sealed):
        return None
    line = AuditLine(
        organisation_id=turn.organisation.id,
        at=turn.now,
        officer_id=officer_id,
        action="telegram_link",
        subject=f"officer {officer_id}",
    )
    await append_audit(turn.connection, line)
    text = turn.voice.say(LINKED)
    return Claim("officer_link", Reply(text, substantive=False, system=True, dialogue=turn.conversation.dialogue))
