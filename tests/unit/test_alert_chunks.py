"""Each sender's people are cut into chunks that jobs carry, two at a time."""

from collections import Counter

from broadcast.audience import AlertSender, Recipient
from broadcast.expansion import Page, lines

SMS = AlertSender(3, "sms", 30, None)
TELEGRAM = AlertSender(1, "telegram", 20, None)


def chunks(people: dict[int, int], first: int = 0) -> dict[int, list[int]]:
    """By sender, how many people are in each of its chunks. people: how many each sender tells."""
    told = [Recipient(number, number, sender) for sender, many in people.items() for number in range(many)]
    rows, senders = lines(Page(told, {"telegram": TELEGRAM, "sms": SMS}, None), first, None)
    carried = Counter(row.chunk for row in rows)
    found: dict[int, list[int]] = {}
    for number, sender in enumerate(senders, first):
        found.setdefault(sender, []).append(carried[number])
    return found


def test_a_chunk_is_a_second_of_its_sender_and_the_first_half_of_that() -> None:
    assert chunks({TELEGRAM.id: 55, SMS.id: 50}) == {TELEGRAM.id: [10, 20, 20, 5], SMS.id: [15, 30, 5]}


def test_a_later_slice_has_whole_chunks_only() -> None:
    assert chunks({TELEGRAM.id: 45}, first=3) == {TELEGRAM.id: [20, 20, 5]}
