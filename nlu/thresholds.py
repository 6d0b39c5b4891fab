"""Where to draw the lines: learnt from what models said about sentences that they had not seen."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu.interpreter import OUT_OF_SCOPE
from nlu.model import Thresholds
from nlu.topics import SAFETY_TOPICS

FALSE_REJECTIONS: Final = 0.085
"""At most this share of the training sentences about a topic, harder than messages of every day, may be sent away."""

FALSE_ALARMS: Final = 0.023
"""At most this share of the harmless training sentences, many of them near misses, may raise a safety alarm."""

FALSE_SUSPICIONS: Final = 0.07
"""At most this share of them may be answered with whom to call in danger above the ordinary answer."""

CLEAR: Final = 0.95
"""An answer is given without asking back where at least this share of such answers is right."""

MOST_AMBIGUOUS: Final = 0.35
"""However unsure the model, at least the other messages are answered without asking back."""


def learn_thresholds(
    labels: tuple[str, ...],
    truth: NDArray[np.intp],
    probabilities: NDArray[np.float64],
    risks: NDArray[np.float64],
) -> Thresholds:
    """Learn the lines from `probabilities` (examples, labels) of unseen sentences and `risks` (examples, kinds of
    danger)."""
    outside = np.array([label == OUT_OF_SCOPE for label in labels])
    topics = probabilities[:, ~outside]
    known = ~outside[truth]
    ordered = np.sort(topics, axis=1)
    right = probabilities.argmax(axis=1) == truth
    harmless = risks[~np.isin(truth, [labels.index(kind) for kind in SAFETY_TOPICS if kind in labels])]
    return Thresholds(
        reject=_reject(topics.max(axis=1) / (topics.max(axis=1) + probabilities[:, outside].sum(axis=1)), known),
        clear=_clear((ordered[:, -1] - ordered[:, -2])[known], right[known]),
        alarm=_line(harmless, FALSE_ALARMS),
        suspect=_line(harmless, FALSE_SUSPICIONS),
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


def _line(harmless: NDArray[np.float64], share: float) -> float:
    """The risk that at most this share of the harmless sentences reach; harmless: (sentences, kinds of danger)."""
    return float(np.quantile(harmless.max(axis=1, initial=-np.inf), 1 - share, method="lower"))
