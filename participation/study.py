"""Figures of the study of 2016, as constants, and how ours stand beside them.

Source: VVSG (the association of Flemish cities and municipalities) and Socialemediaburo.be, survey of the second
quarter of 2016 on the social media of local governments. Answers: 119 municipalities (49.4% of those asked), 44 OCMWs
(24.3%), 30 police zones (25.6%), 5 emergency zones (25%). They are never mixed with values that are computed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from participation.metrics import Conversations, Rate, Reach, Response

MUNICIPALITIES = 308  # in 2016; 300 from 2019, 285 from 2025


class Size(StrEnum):
    """Size classes of the study, by inhabitants."""

    SMALL = "under 20,000"
    MIDDLE = "20,000 to 50,000"
    LARGE = "over 50,000"


MUNICIPALITIES_BY_SIZE: Mapping[Size, int] = {Size.SMALL: 213, Size.MIDDLE: 82, Size.LARGE: 13}
TWITTER_BY_SIZE: Mapping[Size, float] = {Size.SMALL: 0.59, Size.MIDDLE: 0.75, Size.LARGE: 1.0}
HAS_FACEBOOK, HAS_TWITTER = 0.73, 0.65
MEAN_INHABITANTS, MEAN_FACEBOOK_FANS, MEAN_TWITTER_FOLLOWERS = 21_032, 2_257, 1_288
FACEBOOK_REACH = MEAN_FACEBOOK_FANS / MEAN_INHABITANTS
TWITTER_REACH = MEAN_TWITTER_FOLLOWERS / MEAN_INHABITANTS
SMALL_INTERACT_ON_FACEBOOK, SMALL_INTERACT_ON_TWITTER = 0.31, 0.11
ANSWER_QUESTIONS = 0.78
MEAN_REACTION_ON_TWITTER = 19 * 3600  # seconds
LET_PARTICIPATE, ENTER_DISCUSSION, BUILD_COMMUNITY = 0.15, 0.24, 0.36


def expected_share(by_size: Mapping[Size, float], municipalities: Mapping[Size, int]) -> float:
    """The share of all municipalities that follows from the shares of the size classes."""
    return sum(by_size[size] * number for size, number in municipalities.items()) / sum(municipalities.values())


class Unit(StrEnum):
    """What both numbers of a comparison are in."""

    SHARE = "share"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A figure of the study beside ours. name, study_of and here_of are message ids: what each number is a share of.

    The study counts municipalities that do a thing at all; here it is counted how much one organisation does it.
    at_all answers the study's own question for this organisation; None where it asked none, or ours is hidden.
    """

    name: str
    study: float
    study_of: str
    here: float | None
    here_of: str
    unit: Unit = Unit.SHARE
    at_all: bool | None = None


def comparisons(
    reach: Reach, response: Response, answered: Rate, talks: Conversations, community: Rate
) -> tuple[Comparison, ...]:
    """Ours beside the study's, down its ladder: inform, answer, discuss, let participate, build community."""
    return (
        Comparison(
            name="Reach",
            study=FACEBOOK_REACH,
            study_of="Facebook fans per inhabitant, mean",
            here=reach.reachable.value,
            here_of="residents who can be sent alerts, per inhabitant",
        ),
        _at_all("Two-way contact", SMALL_INTERACT_ON_FACEBOOK, "small municipalities, on Facebook", talks.two_way),
        _at_all("Answers questions", ANSWER_QUESTIONS, "municipalities", answered),
        Comparison(
            name="Mean reaction time",
            study=MEAN_REACTION_ON_TWITTER,
            study_of="on Twitter",
            here=response.both.clock.mean,
            here_of="answered questions, on the clock",
            unit=Unit.SECONDS,
        ),
        _at_all("Enters into discussion", ENTER_DISCUSSION, "municipalities", talks.discussed),
        _at_all("Lets residents participate", LET_PARTICIPATE, "municipalities", talks.participated),
        _at_all("Builds community", BUILD_COMMUNITY, "municipalities", community),
    )


def _at_all(name: str, study: float, study_of: str, here: Rate) -> Comparison:
    return Comparison(
        name=name,
        study=study,
        study_of=study_of,
        here=here.value,
        here_of=here.cohort,
        at_all=None if here.numerator is None else here.numerator > 0,
    )
