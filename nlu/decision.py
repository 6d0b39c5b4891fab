"""What the probabilities of one message come down to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nlu.interpreter import OUT_OF_SCOPE, Candidate
from nlu.model import Thresholds
from nlu.topics import SAFETY_TOPICS

_RANKED: Final = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """The ranking, best first; the safety topic if there is one; whether to ask which of two was meant."""

    ranking: tuple[Candidate, ...]
    safety: str | None
    ambiguous: bool


def decide(probability: Mapping[str, float], thresholds: Thresholds, safety: str | None) -> Decision:
    """Safety first; else out of scope where no topic is probable enough; else the most probable topic."""
    # A danger below the line that raises the alarm is no answer either: intent and safety say the same.
    silent = {OUT_OF_SCOPE} if safety else {OUT_OF_SCOPE, *SAFETY_TOPICS}
    topics = [Candidate(name, value) for name, value in probability.items() if name not in silent]
    ranking = tuple(sorted(topics, key=lambda topic: -topic.confidence)[:_RANKED])
    best = ranking[0].confidence if ranking else 0.0
    if safety:
        # Signs may have raised it where the classifier saw little: it still ranks first.
        return Decision(_first(Candidate(safety, best or 1.0), ranking), safety, ambiguous=False)
    if not ranking or strength(best, probability.get(OUT_OF_SCOPE, 0.0)) < thresholds.reject:
        return Decision(_first(Candidate(OUT_OF_SCOPE, 1 - best), ranking), None, ambiguous=False)
    lead = best - ranking[1].confidence if len(ranking) > 1 else 1.0
    return Decision(ranking, None, lead < thresholds.clear)


def strength(best: float, outside: float) -> float:
    """How far the best topic outweighs its being none of them, from 0 to 1: unsure between two topics is not lost."""
    return best / (best + outside) if best else 0.0


def _first(candidate: Candidate, ranking: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    return (candidate, *(other for other in ranking if other.intent != candidate.intent))
