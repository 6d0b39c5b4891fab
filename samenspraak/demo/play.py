"""How the story is acted: people write from their phones, and whatever reaches a phone is heard at the provider."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bots.answers import Answers
from nlu.embedded import EmbeddedInterpreter
from samenspraak.demo.transcript import Transcript
from simulator.client import SimulatorClient
from simulator.log import Entry
from simulator.personas import Medium

PATIENCE = 15.0
"""Seconds that somebody waits for a message before the story says that none came."""
QUIET = 1.5
"""Seconds of silence after which nothing follows any more: a reply of the bot takes a tenth of that."""
MAY_BE_UNCLEAR = (
    "Hoe zit het met de kaart voor mijn auto?",
    "ik heb papieren nodig voor mijn kind",
    "er is iets met de straat",
    "Ik wil een zaal en een vergunning voor een feest",
    "ik heb een kaart nodig",
    "afval",
    "wanneer is het feest in de straat",
    "paspoort of identiteitskaart",
    "opvang na school",
    "plaats voor mijn kind",
)


@dataclass(frozen=True, slots=True)
class Play:
    """What the story is acted with.

    log_file: the providers' log, one JSON object a line. unclear: messages of which the engine cannot tell what they
    mean; which those are changes with every sentence that it learns from.
    """

    far_end: SimulatorClient
    transcript: Transcript
    answers: Answers
    console_url: str
    log_file: Path
    unclear: Sequence[str]

    async def now(self) -> int:
        """The number of the last entry in the providers' log."""
        entries = await self.far_end.log()
        return entries[-1]["n"] if entries else 0

    async def says(
        self, person: str, medium: Medium, text: str, *, account: str | None = None, quoted: str | None = None
    ) -> int:
        """Somebody writes; gives where the log stood before."""
        before = await self.now()
        sent = await self.far_end.send(person, medium, text, account=account, quoted=quoted)
        self.transcript.message(await self.far_end.until("inbound", after=before, person=person, provider_id=sent))
        return before

    async def presses(self, person: str, medium: Medium, below: Entry, label: str) -> int:
        """Somebody presses a button below a message; gives where the log stood before."""
        before = await self.now()
        sent = await self.far_end.press(person, medium, below["provider_id"], label)
        self.transcript.message(await self.far_end.until("inbound", after=before, person=person, provider_id=sent))
        return before

    async def hears(self, person: str, medium: Medium, after: int) -> Entry:
        """The next message that reaches this phone; raises TimeoutError when none does."""
        taken = await self.far_end.until("accepted", after=after, wait=PATIENCE, person=person, channel=medium)
        if medium != "telegram":
            found = {"provider_id": taken["provider_id"], "status": "delivered"}
            await self.far_end.until("status", after=after, wait=PATIENCE, **found)
        self.transcript.message(taken)
        return taken

    async def asks(self, person: str, medium: Medium, text: str, *, account: str | None = None) -> Entry:
        """Somebody writes and hears the answer."""
        return await self.hears(person, medium, await self.says(person, medium, text, account=account))

    async def reached(self, person: str, after: int, medium: Medium | None = None) -> list[Entry]:
        """Every message that a provider took for this person since."""
        return [
            entry
            for entry in await self.far_end.log(after)
            if entry["event"] == "accepted" and entry.get("person") == person and medium in {None, entry["channel"]}
        ]

    async def silence(self, times: int = 1) -> None:
        """Wait until whatever would still come has come."""
        await asyncio.sleep(QUIET * times)

    def check(self, statement: str, holds: bool, seen: object = "") -> bool:
        """State something about what was seen."""
        return self.transcript.check(statement, holds, seen)


def unclear_messages(engine: EmbeddedInterpreter, answers: Answers) -> list[str]:
    """Of some messages that could mean several things, those that this engine asks back about."""
    asked = []
    for text in MAY_BE_UNCLEAR:
        found = engine.understand(text)
        if found.ambiguous and all(one.intent in answers.by_topic for one in found.ranking[:2]):
            asked.append(text)
    return asked


def text_of(entry: Entry) -> str:
    """What somebody reads."""
    return entry.get("text", "")


def labels(entry: Entry) -> list[str]:
    """What can be chosen below a message: its buttons, or the numbered lines of its text."""
    if entry.get("choices"):
        return [label for label, *_ in entry["choices"]]
    lines = text_of(entry).splitlines()
    return [line.partition(". ")[2] for line in lines if line[:1].isdecimal() and line[1:3] == ". "]


def topic_called(answers: Answers, label: str, language: str = "nl") -> str | None:
    """The topic that goes by this label on a button."""
    return next((name for name, one in answers.by_topic.items() if one.label[language] == label), None)


def texts_of(entries: Sequence[Entry]) -> list[str]:
    """What was read, in order."""
    return [text_of(entry) for entry in entries]
