"""How far an event is, as a table: a row per channel, a column for each thing that can become of a message."""

from broadcast.progress import Progress
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


def table(progress: Progress) -> dict[str, list[int]]:
    """By channel, the number of each column in order; `total` sums them up when there are several channels."""
    rows = {channel: _row(states) for channel, states in sorted(progress.by_channel.items())}
    return {**rows, "total": _row(progress.by_state)}


def _row(states: dict[str, int]) -> list[int]:
    return [sum(states.get(state, 0) for state in column) for column in COLUMNS.values()]
