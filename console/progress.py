"""How far an event is, as a table: a row per channel, a column for each thing that can become of a message."""

from collections.abc import Mapping

from broadcast.results.progress import Progress
from broadcast.results.report import hidden, hidden_few
from messaging.delivery import DeliveryState as S

COLUMNS: dict[str, frozenset[S]] = {
    "waiting": frozenset({S.QUEUED, S.RETRY_WAIT, S.SENDING}),
    "sent": frozenset({S.ACCEPTED}),
    "delivered": frozenset({S.DELIVERED}),
    "read": frozenset({S.READ}),
    "unclear": frozenset({S.UNKNOWN}),
    "failed": frozenset({S.FAILED, S.EXPIRED}),
    "withdrawn": frozenset({S.CANCELLED}),
    "not_sent": frozenset({S.SUPPRESSED}),
}


def table(progress: Progress, *, hide_few: bool = False) -> dict[str, list[int | None]]:
    """By channel, the number of each column in order; `total` sums them up.

    hide_few: the reader may not conclude anything about single people: the total alone, None for small groups.
    """
    if hide_few:
        row = dict(zip(COLUMNS, _row(progress.by_state), strict=True))
        return {"total": list(hidden_few(row).values())}
    rows = {channel: list[int | None](_row(states)) for channel, states in sorted(progress.by_channel.items())}
    return {**rows, "total": [*_row(progress.by_state)]}


def missed(progress: Progress, *, hide_few: bool = False) -> Mapping[str, int | None]:
    """Why people were not reached, as the page shows it."""
    return hidden(progress.missed) if hide_few else progress.missed


def _row(states: dict[str, int]) -> list[int]:
    return [sum(states.get(state, 0) for state in column) for column in COLUMNS.values()]
