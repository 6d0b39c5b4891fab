"""What may be worse than at the last release, and what fails the build."""

from nlu.regression import compare, readable

BEFORE = {"whole": {"right topic": 0.85}, "language": {"nl": 0.87}, "topic": {"fine": 0.9, "passport": 0.8}}


def test_the_same_figures_fell_nowhere() -> None:
    changes = compare(BEFORE, BEFORE)
    assert not any(change.fell for change in changes)
    assert "nothing fell too far" in readable(changes)


def test_a_topic_may_lose_a_few_messages_to_chance_but_not_more() -> None:
    changes = compare(BEFORE, {"topic": {"fine": 0.75, "passport": 0.6}})
    assert [change.name for change in changes if change.fell] == ["passport"]
    assert "passport" in readable(changes)
    assert "1 fell too far" in readable(changes)


def test_a_language_may_fall_less_than_a_topic() -> None:
    assert [change.name for change in compare(BEFORE, {"language": {"nl": 0.8}}) if change.fell] == ["nl"]


def test_a_new_topic_has_nothing_to_fall_from() -> None:
    (change,) = compare(BEFORE, {"topic": {"library": 0.1}})
    assert (change.before, change.fell) == (None, False)
    assert "new" in readable([change])
