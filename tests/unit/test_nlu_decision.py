"""From probabilities to a decision: safety, out of scope, one topic, or two to choose from."""

from nlu.decision import decide, strength
from nlu.interpreter import OUT_OF_SCOPE
from nlu.model import Thresholds

LINES = Thresholds(reject=0.3, clear=0.2, alarm=2.0, suspect=1.0)


def test_the_most_probable_topic_comes_first() -> None:
    decision = decide({"fine": 0.3, "library": 0.7}, LINES, None)
    assert [topic.intent for topic in decision.ranking] == ["library", "fine"]
    assert not decision.ambiguous


def test_an_improbable_topic_is_out_of_scope() -> None:
    decision = decide({"fine": 0.2, "library": 0.1, OUT_OF_SCOPE: 0.7}, LINES, None)
    assert strength(0.2, 0.7) < LINES.reject
    assert [topic.intent for topic in decision.ranking] == [OUT_OF_SCOPE, "fine", "library"]
    assert decision.ranking[0].confidence == 0.8


def test_out_of_scope_never_stands_among_ranked_topics() -> None:
    decision = decide({"fine": 0.4, OUT_OF_SCOPE: 0.6}, LINES, None)
    assert [topic.intent for topic in decision.ranking] == ["fine"]


def test_a_doubt_between_topics_is_no_reason_to_reject() -> None:
    decision = decide({"fine": 0.2, "library": 0.18, "sports": 0.15, OUT_OF_SCOPE: 0.05}, LINES, None)
    assert decision.ranking[0].intent == "fine"
    assert decision.ambiguous


def test_two_close_topics_are_ambiguous() -> None:
    assert decide({"fine": 0.5, "library": 0.4}, LINES, None).ambiguous


def test_safety_wins_over_every_other_decision() -> None:
    for probability in ({"fine": 0.5, "library": 0.45}, {"fine": 0.1}, {"emergency": 0.2, "fine": 0.8}, {}):
        decision = decide(probability, LINES, "emergency")
        assert (decision.ranking[0].intent, decision.safety, decision.ambiguous) == ("emergency", "emergency", False)
        assert len({topic.intent for topic in decision.ranking}) == len(decision.ranking)


def test_a_danger_that_raises_no_alarm_is_no_topic_either() -> None:
    decision = decide({"emergency": 0.5, "fine": 0.4, OUT_OF_SCOPE: 0.1}, LINES, None)
    assert [topic.intent for topic in decision.ranking] == ["fine"]


def test_a_text_without_words_is_out_of_scope() -> None:
    decision = decide({}, LINES, None)
    assert [(topic.intent, topic.confidence) for topic in decision.ranking] == [(OUT_OF_SCOPE, 1.0)]
