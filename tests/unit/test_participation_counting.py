"""What a question, an answer, a discussion and a taking part are, fact by fact."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from participation.counting import Became, Counter, Counts, Group, Metric
from people.organisation import OfficeHours
from storage.facts import Fact, FactKind
from tests.participation_log import MORNING, dialogue, fact

K = FactKind
HOURS = OfficeHours.read([["09:00-17:00"]] * 5 + [[], []])
MONDAY = MORNING.date()
TUESDAY_NIGHT = 24 * 60 + 13 * 60 + 30  # 23:30 in Belgium, in minutes after nine UTC on Monday


def counted(*facts: Fact) -> Counts:
    return Counter(HOURS, {}).count(facts)


def one(kind: FactKind, minutes: float, **values: Any) -> Fact:
    return fact(1, kind, minutes, **values)


def asked(minutes: float) -> Fact:
    return one(K.QUESTION_ASKED, minutes, intent="waste_paper")


def sent(minutes: float, purpose: str = "reply", *, substantive: bool = True, after: float | None = None) -> Fact:
    """A message of ours; after: minutes since the message that it answers."""
    seconds = None if after is None else after * 60
    return one(K.MESSAGE_SENT, minutes, data={"purpose": purpose, "substantive": substantive, "seconds": seconds})


def received(minutes: float, **values: Any) -> Fact:
    return one(K.MESSAGE_RECEIVED, minutes, language="nl", **values)


def total(counts: Counts, metric: Metric) -> tuple[int, float]:
    """How often, and the sum in minutes."""
    cells = [cell for (_, kind, _), cell in counts.cells.items() if kind is metric]
    return sum(cell.count for cell in cells), sum(cell.total for cell in cells) / 60_000_000


def became(counts: Counts) -> dict[str, int]:
    return {what: cell.count for (_, metric, what), cell in counts.cells.items() if metric is Metric.CONVERSATION}


def test_an_answer_is_the_next_substantive_message_in_the_conversation() -> None:
    counts = counted(asked(0), sent(1, substantive=False), sent(5, after=5), sent(7))
    assert total(counts, Metric.ANSWERED_BY_BOT) == (1, 5)


def test_a_message_in_another_conversation_answers_nothing() -> None:
    counts = counted(asked(0), replace(sent(5), conversation_id=4))
    assert total(counts, Metric.ANSWERED_BY_BOT) == (0, 0)


def test_a_safety_answer_counts_as_the_bots_and_an_officers_as_the_officers() -> None:
    counts = counted(asked(0), sent(1, "system", after=1), asked(2), sent(9, "officer", after=7))
    assert total(counts, Metric.ANSWERED_BY_BOT) == (1, 1)
    assert total(counts, Metric.ANSWERED_BY_OFFICER) == (1, 7)


def test_a_reply_that_left_before_a_second_question_answers_only_the_first() -> None:
    """The second was asked while the reply to the first was on its way."""
    counts = counted(asked(0), asked(3), sent(4, after=4))
    assert total(counts, Metric.ANSWERED_BY_BOT) == (1, 4)


def test_a_question_whose_reply_was_withdrawn_is_answered_by_what_comes_next() -> None:
    counts = counted(asked(0), asked(3), sent(5, "officer", after=2))
    assert total(counts, Metric.ANSWERED_BY_OFFICER) == (2, 5 + 2)


def test_waiting_over_night_is_long_on_the_clock_and_short_in_office_hours() -> None:
    evening, morning = 7.5 * 60, 23 * 60 + 15  # 17:30 and 9:15 in Belgium
    counts = counted(asked(evening), sent(morning, "officer", after=morning - evening))
    assert total(counts, Metric.ANSWERED_BY_OFFICER) == (1, morning - evening)
    assert total(counts, Metric.OFFICE_BY_OFFICER) == (1, 15)


def test_two_turns_of_the_resident_after_an_officers_message_are_a_discussion() -> None:
    talk = (received(0), sent(1, "officer"), received(2), sent(3, "officer"))
    assert Became.DISCUSSED not in became(counted(*talk))
    assert became(counted(*talk, received(4)))[Became.DISCUSSED] == 1


def test_messages_in_a_row_are_one_turn() -> None:
    assert Became.DISCUSSED not in became(counted(sent(1, "officer"), received(2), received(3), received(4)))


def test_turns_with_the_bot_alone_are_no_discussion() -> None:
    talk = [fact for minute in range(0, 20, 2) for fact in (received(minute), sent(minute + 1))]
    assert Became.DISCUSSED not in became(counted(*talk))


def test_a_conversation_is_two_way_once_the_resident_wrote_and_we_sent() -> None:
    assert Became.TWO_WAY not in became(counted(received(0)))
    assert Became.TWO_WAY not in became(counted(sent(0), received(1)))
    assert became(counted(received(0), sent(1), sent(2)))[Became.TWO_WAY] == 1


def test_what_becomes_of_a_conversation_counts_once_on_the_day_on_which_it_opened() -> None:
    late = 3 * 24 * 60
    talk = counted(received(0), one(K.HANDOVER_REQUESTED, late), one(K.OFFICER_TOOK_OVER, late + 1))
    assert {
        (day, what): cell.count for (day, metric, what), cell in talk.cells.items() if metric == "conversation"
    } == {
        (MONDAY, Became.OPENED): 1,
        (MONDAY, Became.HANDED_OVER): 1,
    }


def test_an_idea_a_poll_and_a_reply_to_an_alert_are_taking_part_and_a_question_is_not() -> None:
    for kind in (K.IDEA_SHARED, K.POLL_ANSWERED, K.ALERT_REPLIED):
        counts = counted(received(0), one(kind, 0))
        assert became(counts)[Became.PARTICIPATED] == 1
        assert (MONDAY, Group.PARTICIPATED, 7) in counts.residents
    assert Became.PARTICIPATED not in became(counted(received(0), asked(0)))


def test_a_resident_counts_once_a_day_and_somebody_unknown_not_at_all() -> None:
    counts = counted(received(0), received(5), received(6, resident_id=None))
    assert counts.residents == {(MONDAY, Group.WROTE, 7)}


def test_a_day_begins_at_midnight_in_belgium() -> None:
    counts = counted(received(TUESDAY_NIGHT), received(TUESDAY_NIGHT + 31))
    assert {day for day, _, _ in counts.residents} == {date(2026, 3, 3), date(2026, 3, 4)}


def test_an_alert_counts_the_people_it_reached() -> None:
    counts = counted(one(K.ALERT_DELIVERED, 0, data={"count": 40, "channel": "sms"}, conversation_id=None))
    assert counts.cells[MONDAY, Metric.ALERT_RECIPIENTS, "sms"].count == 40


def test_a_fact_without_conversation_opens_none() -> None:
    assert became(counted(one(K.CONSENT_GIVEN, 0, conversation_id=None))) == {}


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500), st.booleans()), max_size=30))
def test_answered_questions_and_their_times_are_those_of_a_plain_pairing(
    exchanges: list[tuple[int, int, bool]],
) -> None:
    """Question and answer in turn, some without an answer at the end: counted by hand from the list."""
    clock, facts, waits = 0, list[Fact](), list[int]()
    waiting: list[int] = []
    for pause, wait, answered in exchanges:
        clock += pause
        facts.append(asked(clock))
        waiting.append(clock)
        clock += wait
        if answered:
            facts.append(sent(clock, after=wait))
            waits += [clock - since for since in waiting]
            waiting = []
    counts = counted(*facts)
    assert total(counts, Metric.ASKED) == (len(exchanges), 0)
    assert total(counts, Metric.ANSWERED_BY_BOT) == (len(waits), sum(waits))


def test_a_whole_dialogue_comes_to_what_one_counts_on_ones_fingers() -> None:
    counts = counted(*dialogue(1))
    assert total(counts, Metric.RECEIVED) == (3, 0)
    assert total(counts, Metric.SENT) == (3, 0)
    assert total(counts, Metric.ANSWERED_BY_OFFICER) == (1, 10)
    assert became(counts) == {
        Became.OPENED: 1,
        Became.TWO_WAY: 1,
        Became.HANDED_OVER: 1,
        Became.DISCUSSED: 1,
    }
