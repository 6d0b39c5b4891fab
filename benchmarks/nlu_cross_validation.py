"""How often the embedded engine is right: `python -m benchmarks.nlu_cross_validation [--json] [--cache FOLDER]`.

Each training sentence is judged by models, and mended by a vocabulary, of the other four fifths. Three
things make the figures kinder than life: the sentences of one writer stand in several folds, the vote and
the thresholds are learnt from the same judgements, and the safety signs were written with the training
sentences in view. Held-out files decide.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.decision import decide
from nlu.encoder import UniversalSentenceEncoder, encode_cached, quiet
from nlu.evaluation import Message, Outcome, figures
from nlu.evaluation_report import readable
from nlu.fitting import OutOfFold, learn_vote, out_of_fold
from nlu.interpreter import Interpretation
from nlu.language import detect
from nlu.model import Thresholds, pool
from nlu.normalise import tidy
from nlu.safety import assess
from nlu.thresholds import learn_thresholds
from nlu.training_data import Example, read_training_data


def cross_validate(cache: Path) -> dict[str, Any]:
    examples = read_training_data().examples
    texts = [tidy(example.text) for example in examples]
    unseen = out_of_fold(examples, encode_cached(UniversalSentenceEncoder(), texts, cache, quiet), quiet)
    vote = learn_vote(unseen)
    return {
        "both": judge(examples, unseen, vote),
        "encoder alone": judge(examples, unseen, (0.0, learn_vote_of_one(unseen.by_sentence, unseen.truth))),
        "n-grams alone": judge(examples, unseen, (learn_vote_of_one(unseen.by_grams, unseen.truth), 0.0)),
    }


def learn_vote_of_one(scores: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    alone = OutOfFold((), truth, scores, np.zeros_like(scores))
    return learn_vote(alone)[0]


def judge(examples: tuple[Example, ...], unseen: OutOfFold, vote: tuple[float, float]) -> dict[str, Any]:
    probabilities = pool(unseen.by_grams, unseen.by_sentence, vote)
    thresholds = learn_thresholds(unseen.labels, unseen.truth, probabilities)
    outcomes = [
        outcome(example, dict(zip(unseen.labels, row.tolist(), strict=True)), thresholds)
        for example, row in zip(examples, probabilities, strict=True)
    ]
    asked_back = float(np.mean([outcome.found.ambiguous for outcome in outcomes]))
    return {**figures(outcomes), "asked_back": round(asked_back, 4), "vote": vote, "thresholds": str(thresholds)}


def outcome(example: Example, probability: dict[str, float], thresholds: Thresholds) -> Outcome:
    decision = decide(probability, thresholds, assess(example.text, "", probability, thresholds.alarm))
    best = decision.ranking[0]
    found = Interpretation(
        *detect(example.text),
        best.intent,
        best.confidence,
        decision.ranking,
        (),
        decision.safety,
        decision.ambiguous,
        "embedded",
    )
    return Outcome(Message(example.language, example.intent, example.text, ""), found, 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cache", type=Path, help="keep the encoded sentences here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = cross_validate(options.cache or Path(folder))
    if options.json:
        print(json.dumps(report, indent=1))
        return
    for name, part in report.items():
        print(f"== {name}: vote {part['vote']}, asked back {part['asked_back']:.1%}\n   {part['thresholds']}\n")
        print(readable(part))


if __name__ == "__main__":
    main()
