"""Counts participation from the providers' log alone: `python -m samenspraak.demo.count LOG.jsonl --account …`.

It shares no code with the application and never sees its database. What is a question, an answer or a contribution
it tells from the wording that people read, as anybody could who is shown the messages. Times are those at the
providers: from the moment a resident's message was sent to the moment the answer was taken.
"""

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import mean, median_low
from typing import Any

Entry = Mapping[str, Any]

_DISCLOSURE = re.compile(r"^Ik ben de chatbot van [^\n]*\n\n")
_ALERT = re.compile(r"^(WAARSCHUWING|NIEUWS OVER DE WAARSCHUWING|EINDE WAARSCHUWING|TERUGKOPPELING)\b")
_NO_ANSWER = re.compile(
    r"^(Ik vraag een medewerker|Ik heb een medewerker verwittigd|Een medewerker is verwittigd"
    r"|U spreekt (nu|opnieuw) met|Dank u\. De medewerkers)"
)
_ACKNOWLEDGES = frozenset({"Ik ben veilig", "Ik heb hulp nodig"})
_CHOICES = re.compile(r"^\d\. ", re.MULTILINE)
_COURTESY = re.compile(r"^(bedankt|dank u|merci|dag|hallo|ja|nee)[.! ]*$", re.IGNORECASE)


@dataclass(slots=True)
class Talk:
    """What happens between one person and us. A number is one person's, whatever comes by it."""

    asked_at: datetime | None = None
    questions: int = 0
    seconds: list[float] = field(default_factory=list)
    alerts: set[str] = field(default_factory=set)  # provider ids
    alert_was_last: bool = False
    member: bool = False  # was sent an alert, and has not stopped since
    wrote: bool = False
    took_part: bool = False

    def hear(self, entry: Entry) -> None:
        """The resident did something."""
        text, self.wrote = entry.get("text", ""), True
        if text.strip().upper() == "STOP":
            self.member = False
        elif entry.get("quoted") in self.alerts or text in _ACKNOWLEDGES or self._answers_alert(text):
            self.took_part = True
        elif self.asked_at is None and not _COURTESY.match(text):
            self.asked_at = datetime.fromisoformat(entry["at"])
            self.questions += 1

    def _answers_alert(self, text: str) -> bool:
        return self.alert_was_last and not text.endswith("?")

    def say(self, entry: Entry) -> None:
        """The resident was sent something."""
        text = _DISCLOSURE.sub("", entry.get("text", ""))
        self.alert_was_last = bool(_ALERT.match(text)) or "template" in entry
        if self.alert_was_last:
            self.alerts.add(entry["provider_id"])
            self.member = True
        elif self.asked_at is not None and _answers(entry, text):
            self.seconds.append((datetime.fromisoformat(entry["at"]) - self.asked_at).total_seconds())
            self.asked_at = None


def _answers(entry: Entry, text: str) -> bool:
    """Whether a message answers, and neither asks back nor says who will answer."""
    return not (entry.get("choices") or _CHOICES.search(text) or _NO_ANSWER.match(text))


_PASSED = {"inbound": Talk.hear, "accepted": Talk.say}


def talks(entries: Iterable[Entry], accounts: Iterable[str], besides: Iterable[str]) -> list[Talk]:
    """Everything between residents and these accounts; `besides` are addresses of officers."""
    found: dict[str, Talk] = {}
    mine, officers = set(accounts), set(besides)
    for entry in entries:
        if entry["event"] not in _PASSED or entry.get("account") not in mine or entry["address"] in officers:
            continue
        talk = found.setdefault(entry["address"].removeprefix("whatsapp:"), Talk())
        _PASSED[entry["event"]](talk, entry)
    return [one for one in found.values() if one.wrote or one.member or one.alerts]


def figures(found: list[Talk], inhabitants: int) -> dict[str, Any]:
    """What the log comes to. Times in seconds; a median by the lower of two middle values."""
    seconds = [time for one in found for time in one.seconds]
    questions = sum(one.questions for one in found)
    return {
        "inhabitants": inhabitants,
        "reachable": sum(one.member for one in found),
        "active": sum(one.wrote for one in found),
        "questions": questions,
        "answers": len(seconds),
        "answered_share": len(seconds) / questions if questions else None,
        "mean_seconds": mean(seconds) if seconds else None,
        "median_seconds": median_low(seconds) if seconds else None,
        "took_part": sum(one.took_part for one in found),
    }


def read(path: Path) -> Iterator[Entry]:
    """The entries of a log, one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def main() -> None:
    """Print the figures as JSON."""
    options = argparse.ArgumentParser(description="Count participation from the providers' log alone.")
    options.add_argument("log", type=Path)
    options.add_argument("--account", action="append", required=True, help="A bot's user name or a number, as logged.")
    options.add_argument("--officer", action="append", default=[], help="An officer's address, which is no resident's.")
    options.add_argument("--inhabitants", type=int, required=True)
    given = options.parse_args()
    print(json.dumps(figures(talks(read(given.log), given.account, given.officer), given.inhabitants)))  # noqa: T201


if __name__ == "__main__":
    main()
