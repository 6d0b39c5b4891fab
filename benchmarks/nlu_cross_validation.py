"""How often the embedded engine is right: `python -m benchmarks.nlu_cross_validation [--json] [--cache FOLDER]`.

Each training sentence is judged by models, and mended by a vocabulary, of the other folds. Three
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
from nlu.encoder import all_encoders, encode_cached, light_encoders, quiet
from nlu.evaluation import Message, Outcome, figures
from nlu.evaluation_report import readable
from nlu.fitting import OutOfFold, learn_vote, learn_watch, out_of_fold, safety_columns
from nlu.interpreter import OUT_OF_SCOPE, Interpretation
from nlu.language import detect
from nlu.model import Thresholds, pool
from nlu.normalise import tidy
from nlu.safety import assess, likeliest, sign_in
from nlu.thresholds import learn_thresholds
from nlu.training_data import Example, read_training_data


def cross_validate(cache: Path) -> dict[str, Any]:
    examples = read_training_data().examples
    texts = [tidy(example.text) for example in examples]
    vectors = {encoder.name: encode_cached(encoder, texts, cache, quiet) for encoder in all_encoders()}
    unseen = {"all encoders": out_of_fold(examples, list(vectors.values()), quiet)}
    if len(vectors) > 1:
        light = [vectors[encoder.name] for encoder in light_encoders()]
        unseen["light"] = out_of_fold(examples, light, quiet)
    return {name: judge(found) for name, found in unseen.items()}


def judge(unseen: OutOfFold) -> dict[str, Any]:
    vote = learn_vote(unseen)
    probabilities = pool(unseen.votes, vote)
    watch, risks = learn_watch(unseen, probabilities)
    thresholds = learn_thresholds(unseen.labels, unseen.truth, probabilities, risks)
    danger = [unseen.labels[at] for at in safety_columns(unseen.labels)]
    outcomes = [
        outcome(example, dict(zip(unseen.labels, row, strict=True)), dict(zip(danger, risk, strict=True)), thresholds)
        for example, row, risk in zip(unseen.examples, probabilities.tolist(), risks.tolist(), strict=True)
    ]
    asked_back = float(np.mean([outcome.found.ambiguous for outcome in outcomes]))
    alone = {
        name: share_right(unseen, scores) for name, scores in zip(("n-grams", "network"), unseen.votes, strict=True)
    }
    details = {"vote": vote, "watch": str(watch), "thresholds": str(thresholds), "alone": alone}
    return {**figures(outcomes), "asked_back": round(asked_back, 4), **details}


def share_right(unseen: OutOfFold, scores: NDArray[np.float64]) -> float:
    """How often one classifier alone puts the right topic first, out of scope left aside."""
    topical = np.array(unseen.labels)[unseen.truth] != OUT_OF_SCOPE
    return round(float((scores.argmax(axis=1) == unseen.truth)[topical].mean()), 4)


def outcome(example: Example, probability: dict[str, float], risk: dict[str, float], lines: Thresholds) -> Outcome:
    decision = decide(probability, lines, assess(example.text, sign_in(example.text, ""), risk, lines.alarm))
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
        None if decision.safety else likeliest(risk, lines.suspect),
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
        print(f"== {name}: asked back {part['asked_back']:.1%}, right alone {part['alone']}, vote {part['vote']}")
        print(f"   {part['watch']}\n   {part['thresholds']}\n")
        print(readable(part))


if __name__ == "__main__":
    main()
