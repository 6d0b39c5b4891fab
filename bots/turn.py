"""One message of a resident and everything known when it is answered; and what is answered."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.answers import Answers
from bots.choices import CONSENT, KIND, LANGUAGE, NEITHER, NETWORK, NO, PERSON, TOPIC, YES
from bots.conversation import Conversation
from bots.policy import ReplyLanguage
from bots.voice import Voice
from messaging.channel import Choice
from messaging.incoming import Incoming
from nlu.interpreter import OUT_OF_SCOPE, Interpretation
from people.organisation import Organisation
from people.resident import Address, Resident
from storage.encryption import PersonKey, Vault


@dataclass(frozen=True, slots=True)
class Turn:
    """A resident's message in its transaction.

    received_at: when it was stored, from which reaction times count. choice: which of the choices offered last
    the message makes, by button, number or word.
    """

    connection: AsyncConnection
    vault: Vault
    key: PersonKey
    organisation: Organisation
    resident: Resident
    address: Address
    conversation: Conversation
    incoming: Incoming
    interpretation: Interpretation
    answers: Answers
    reply_language: ReplyLanguage
    voice: Voice
    received_at: datetime
    now: datetime
    choice: str | None = None

    @property
    def intent(self) -> str:
        """What the message is about: what was chosen, or commanded, else what was understood."""
        if self.choice is not None:
            return _chosen_intent(self.choice)
        return _COMMANDS.get(self.incoming.keyword or "", self.interpretation.intent)


_COMMANDS = {"start": "greet", "help": "help"}
_CHOICES = {YES: "affirm", NO: "deny", PERSON: "talk_to_human", NEITHER: OUT_OF_SCOPE}
_KINDS_OF_CHOICE = {
    CONSENT: "alerts_subscribe",
    NETWORK: "alerts_subscribe",
    LANGUAGE: "change_language",
    KIND: "alerts_subscribe",
}


def _chosen_intent(choice: str) -> str:
    kind = next((intent for prefix, intent in _KINDS_OF_CHOICE.items() if choice.startswith(prefix)), None)
    return kind or _CHOICES.get(choice) or choice.removeprefix(TOPIC)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answers.

    substantive: answers the question, and does not merely acknowledge it. handover: why a person is asked for.
    dialogue: what the next message is understood against. system: nothing may withdraw it. disclosed: the text says
    itself that a bot speaks.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    substantive: bool = True
    handover: str | None = None
    urgent: bool = False
    system: bool = False
    disclosed: bool = False
    translated: bool = True  # the language policy marks it; False where the text says so itself
    dialogue: dict[str, object] = field(default_factory=dict)
