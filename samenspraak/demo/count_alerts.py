"""Counts what alerts reached from the providers' log alone: `python -m samenspraak.demo.count_alerts LOG.jsonl …`.

It shares no code with the application and never sees its database: which message is what, and who answers what, it
tells from the wording that people read.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Entry = Mapping[str, Any]

_HEADINGS = {
    "NIEUWS OVER DE WAARSCHUWING": "update",
    "WAARSCHUWING INGETROKKEN": "cancel",
    "EINDE WAARSCHUWING": "all_clear",
    "TERUGKOPPELING": "feedback",
}
_BY_TEMPLATE = re.compile(r"^.* laat weten: ")
_ANSWERS = {"Ik ben veilig": "safe", "Ik heb hulp nodig": "need_help"}
_FAILED = {"failed", "undelivered"}


def kind_of(entry: Entry) -> str | None:
    """What a message that somebody was sent tells them; None for one that belongs to no alert."""
    text = _BY_TEMPLATE.sub("", entry.get("text", ""))
    followed = next((kind for heading, kind in _HEADINGS.items() if text.startswith(heading)), None)
    first = text.startswith("WAARSCHUWING") or "template" in entry
    return followed or ("alert" if first else None)


def figures(entries: Iterable[Entry], accounts: Iterable[str]) -> dict[str, int]:
    """How many messages of each kind arrived, how many went another way, and how many people gave which answer."""
    mine = set(accounts)
    ours = [one for one in entries if one.get("account") in mine]
    lost = {one["provider_id"] for one in ours if one["event"] == "status" and one["status"] in _FAILED}
    told = [(kind, one) for one in ours if one["event"] == "accepted" and (kind := kind_of(one))]
    found = Counter(f"reached by {kind}" for kind, one in told if one["provider_id"] not in lost)
    owed = set[tuple[str, str]]()  # did not arrive: what comes next to this number is the same once more
    for kind, one in told:
        if one["provider_id"] in lost:
            owed.add((kind, _number(one)))
        elif (kind, _number(one)) in owed:
            owed.remove((kind, _number(one)))
            found[f"sent another way: {one['channel']}"] += 1
    said = {_number(one): _ANSWERS[one["text"]] for one in ours if _answers(one)}
    found.update(f"answer {answer}" for answer in said.values())
    return dict(found)


def _answers(entry: Entry) -> bool:
    return entry["event"] == "inbound" and entry.get("text") in _ANSWERS


def _number(entry: Entry) -> str:
    """A chat, or a number on whatever channel."""
    return str(entry["address"]).removeprefix("whatsapp:")


def main() -> None:
    """Print the figures as JSON."""
    options = argparse.ArgumentParser(description="Count alerts and their answers from the providers' log alone.")
    options.add_argument("log", type=Path)
    options.add_argument("--account", action="append", required=True, help="A bot's user name or a number, as logged.")
    given = options.parse_args()
    with given.log.open(encoding="utf-8") as lines:
        print(json.dumps(figures(map(json.loads, lines), given.account)))  # noqa: T201


if __name__ == "__main__":
    main()
