"""What the engine finds of the entities marked in the held-out messages: `python -m benchmarks.nlu_entities [--wrong]`.

Streets are those of the content that ships. `--wrong` shows what was missed and what was found in vain.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from nlu.embedded import load
from nlu.entity_evaluation import REFERENCE_DAY, Marked, read_marked, readable, score
from nlu.interpreter import LANGUAGES, Entity
from nlu.streets import read_streets
from samenspraak import settings
from samenspraak.application import SHIPPED_STREETS

HELD_OUT = Path(__file__).parents[1] / "nlu" / "heldout" / "entities"


def measure() -> list[tuple[Marked, tuple[Entity, ...]]]:
    """Each held-out message with what the engine finds in it."""
    chosen = settings.load()
    engine = load(chosen.models, read_streets(SHIPPED_STREETS), lambda: REFERENCE_DAY, chosen.nlu_size)
    messages = [message for language in LANGUAGES for message in read_marked(HELD_OUT / f"{language}.tsv")]
    found = [(message, engine.understand(message.text).entities) for message in messages]
    engine.close()
    return found


def show_wrong(pairs: Sequence[tuple[Marked, tuple[Entity, ...]]]) -> None:
    for message, found in pairs:
        print(f"{message.language} {message.text}")
        for one in message.entities:
            print(f"     marked {one.kind} {one.text} = {one.value}")
        for one in found:
            print(f"      found {one.kind} {one.text} = {one.value}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="show the messages in which something is wrong")
    options = parser.parse_args()
    pairs = measure()
    for language in LANGUAGES:
        print(f"\n{language}\n{readable(score(pair for pair in pairs if pair[0].language == language))}")
    print(f"\nall\n{readable(score(pairs))}")
    if options.wrong:
        show_wrong([pair for pair in pairs if any(one.right != one.marked or one.right != one.found
                                                   for one in score([pair]).values())])  # fmt: skip


if __name__ == "__main__":
    main()
