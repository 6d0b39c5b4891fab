"""Where to draw the lines: learnt from what models said about sentences that they had not seen."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu.interpreter import OUT_OF_SCOPE
from nlu.model import Thresholds
from nlu.topics import SAFETY_TOPICS

FALSE_REJECTIONS: Final = 0.085
"""At most this share of the training sentences about a topic, harder than messages of every day, may be sent away."""

FALSE_ALARMS: Final = 0.01
"""At most this share of the harmless training sentences, many of them near misses, may raise a safety alarm."""

OVERRULED: Final = 0.01
"""In this share of the dangers of which signs tell, the classifiers may find them impossible."""

CLEAR: Final = 0.95
"""An answer is given without asking back where at least this share of such answers is right."""

MOST_AMBIGUOUS: Final = 0.35
"""However unsure the model, at least the other messages are answered without asking back."""


def learn_thresholds(
    labels: tuple[str, ...],
    truth: NDArray[np.intp],
    probabilities: NDArray[np.float64],
    risks: NDArray[np.float64],
    signed: NDArray[np.bool_],
) -> Thresholds:
    """Learn the lines from `probabilities` (examples, labels) of unseen sentences, `risks` (examples, kinds of danger)
    and `signed`, of the same shape: whether signs tell of that kind."""
    outside = np.array([label == OUT_OF_SCOPE for label in labels])
    topics = probabilities[:, ~outside]
    known = ~outside[truth]
    ordered = np.sort(topics, axis=1)
    right = probabilities.argmax(axis=1) == truth
    return Thresholds(
        reject=_reject(topics.max(axis=1) / (topics.max(axis=1) + probabilities[:, outside].sum(axis=1)), known),
        clear=_clear((ordered[:, -1] - ordered[:, -2])[known], right[known]),
        **_safety(risks, signed, np.isin(truth, [labels.index(kind) for kind in SAFETY_TOPICS if kind in labels])),
    )


def _reject(strength: NDArray[np.float64], known: NDArray[np.bool_]) -> float:
    """The line with the best sum of kept topics and rejected strangers within the allowed rejections."""
    if known.all():
        return 0.0
    highest = float(np.quantile(strength[known], FALSE_REJECTIONS))
    lines = np.linspace(0.0, highest, 101)
    kept = np.array([(strength[known] >= line).mean() for line in lines])
    rejected = np.array([(strength[~known] < line).mean() for line in lines])
    return float(lines[(kept + rejected).argmax()])


def _clear(lead: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The smallest lead of the first topic over the second from which on answers are right often enough."""
    order = np.argsort(-lead)
    share_right = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share_right >= CLEAR)
    last = enough[-1] if len(enough) else 0
    return float(min(lead[order][last], np.quantile(lead, MOST_AMBIGUOUS)))


def _safety(risks: NDArray[np.float64], signed: NDArray[np.bool_], real: NDArray[np.bool_]) -> dict[str, float]:
    """Where the classifiers overrule the signs, and the lowest line of their own that keeps false alarms in bounds."""
    by_signs = np.where(signed, risks, -np.inf).max(axis=1, initial=-np.inf)
    confirmed = by_signs[real & signed.any(axis=1)]
    veto = float(np.quantile(confirmed, OVERRULED)) if len(confirmed) else -math.inf
    raised = signed.any(axis=1) & (by_signs >= veto)
    allowed = max(0.0, FALSE_ALARMS - float(raised[~real].mean()))
    alone = np.where(raised, -np.inf, risks.max(axis=1, initial=-np.inf))[~real]
    return {"alarm": float(np.quantile(alone, 1 - allowed, method="lower")), "veto": veto}
