"""The embedded engine on the held-out files, beside the last release: `make nlu-report`.

`python -m benchmarks.nlu_report [--release]`: leaves with 1 when a figure fell by more than its margin; `--release`
keeps the present figures as those of a release. `samenspraak nlu evaluate FILE.tsv` tells more of one file.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import nlu_entities
from nlu.embedded import load
from nlu.entity_evaluation import score
from nlu.evaluation import evaluate, figures, read_messages
from nlu.interpreter import LANGUAGES
from nlu.regression import chosen, compare, readable
from samenspraak import settings

HELD_OUT = Path(__file__).parents[1] / "nlu" / "heldout"
RELEASED = HELD_OUT / "released.json"


def measure() -> dict[str, Any]:
    chosen_settings = settings.load()
    engine = load(chosen_settings.models, size=chosen_settings.nlu_size)
    messages = [message for language in LANGUAGES for message in read_messages(HELD_OUT / f"{language}.tsv")]
    outcomes = asyncio.run(evaluate(engine, messages))
    engine.close()
    return figures(outcomes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", action="store_true", help="keep the present figures as the last release's")
    options = parser.parse_args()
    entities = {kind: round(one.f1, 4) for kind, one in score(nlu_entities.measure()).items()}
    now = chosen(measure(), entities)
    if options.release:
        RELEASED.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    changes = compare(json.loads(RELEASED.read_text(encoding="utf-8")), now)
    print(readable(changes))
    sys.exit(any(change.fell for change in changes))


if __name__ == "__main__":
    main()
