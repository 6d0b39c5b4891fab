"""An alert from draft to closed: what is written in it, and which step leads from which state to which."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from broadcast.preference import WANTED_AS
from broadcast.selection import Selection
from broadcast.vocabulary import Category, Certainty, Kind, ResponseType, Scope, Severity, Status, Urgency
from storage.errors import Conflict

__all__ = [
    "LANGUAGES",
    "TRANSITIONS",
    "Alert",
    "AlertState",
    "Content",
    "Severity",
    "Step",
    "after",
]

LANGUAGES = ("nl", "fr", "de", "en")


class AlertState(StrEnum):
    """How far an alert is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CLOSED = "closed"


class Step(StrEnum):
    """What somebody does with an alert, or what happens to it."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    SCHEDULE = "schedule"  # approved, to leave later
    GIVE_BACK = "give_back"  # its time came and nobody could be reached
    SEND = "send"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"  # everything left that was to leave
    UPDATE = "update"
    ALL_CLEAR = "all_clear"
    FEEDBACK = "feedback"
    CANCEL = "cancel"
    RETRY = "retry"  # those whom it did not reach are tried again
    EXPIRE = "expire"  # its time passed before anything left
    CLOSE = "close"


S = AlertState
_UNSENT = (S.DRAFT, S.SUBMITTED, S.APPROVED, S.REJECTED, S.SCHEDULED)

TRANSITIONS: dict[Step, dict[AlertState, AlertState]] = {
    Step.CHANGE: dict.fromkeys(_UNSENT, S.DRAFT),
    Step.SUBMIT: {S.DRAFT: S.SUBMITTED},
    Step.APPROVE: {S.SUBMITTED: S.APPROVED},
    Step.REJECT: {S.SUBMITTED: S.REJECTED},
    Step.SCHEDULE: {S.APPROVED: S.SCHEDULED},
    Step.GIVE_BACK: {S.SCHEDULED: S.REJECTED},
    Step.SEND: {S.APPROVED: S.SENDING, S.SCHEDULED: S.SENDING},
    Step.PAUSE: {S.SENDING: S.PAUSED},
    Step.RESUME: {S.PAUSED: S.SENDING},
    Step.FINISH: {S.SENDING: S.SENT},
    Step.UPDATE: {S.SENDING: S.SENDING, S.SENT: S.SENT},
    # What still waits of the alert is not sent any more: nobody is warned of what is over.
    Step.ALL_CLEAR: {S.SENDING: S.SENT, S.PAUSED: S.SENT, S.SENT: S.SENT, S.CANCELLED: S.CANCELLED},
    Step.FEEDBACK: {S.SENT: S.SENT, S.CANCELLED: S.CANCELLED},
    # What was sent can be withdrawn too, and whom it reached be told so after the sending was stopped.
    Step.CANCEL: dict.fromkeys((*_UNSENT, S.SENDING, S.PAUSED, S.SENT, S.CANCELLED), S.CANCELLED),
    Step.RETRY: {S.SENDING: S.SENDING, S.SENT: S.SENT, S.CANCELLED: S.CANCELLED},
    Step.EXPIRE: dict.fromkeys(_UNSENT, S.EXPIRED),
    Step.CLOSE: dict.fromkeys((S.REJECTED, S.SENT, S.CANCELLED, S.EXPIRED), S.CLOSED),
}


def after(step: Step, state: AlertState) -> AlertState:
    """The state to which a step leads; raises Conflict when it cannot be taken from here."""
    if state not in TRANSITIONS[step]:
        raise Conflict(f"An alert that is {state} cannot go through the step {step.replace('_', ' ')}")
    return TRANSITIONS[step][state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is written, approved and sent; in brackets what CAP 1.2 calls it where that differs.

    title [headline]: in Dutch. kind [event]. area: where it is, in words [areaDesc]. scope: whether it stands in the
    public feed.
    texts [description]: by language, Dutch always; the others say no more than it.
    instructions: by language, what people should do. short_texts: by language, what an SMS holds instead of both.
    contact: whom to call or write to. web: an absolute address of a page.
    template_sid, template_values: what outside WhatsApp's window is sent instead of the sender's own template: one that
    was approved for just this text, and the values of its blanks.
    ask_if_safe: whether people are offered to say that they are safe or need help; None: where lives may depend on it.
    effective_at: when it is to leave; None: once it is approved. onset_at: when the subject itself begins.
    """

    severity: Severity
    title: str
    texts: Mapping[str, str]
    audience: Selection
    expires_at: datetime
    kind: Kind = Kind.OTHER
    status: Status = Status.ACTUAL
    scope: Scope = Scope.RESTRICTED
    categories: tuple[Category, ...] = (Category.OTHER,)
    urgency: Urgency = Urgency.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN
    response_types: tuple[ResponseType, ...] = ()
    area: str = ""
    instructions: Mapping[str, str] = field(default_factory=dict)
    short_texts: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    web: str = ""
    template_sid: str = ""
    template_values: tuple[str, ...] = ()
    ask_if_safe: bool | None = None
    effective_at: datetime | None = None
    onset_at: datetime | None = None

    @property
    def goes_to(self) -> Selection:
        """The audience without those who do not want such messages.

        Where lives may depend on it, and in an exercise or a test of that, nobody is left out.
        """
        skips = self.status is Status.ACTUAL and not self.severity.is_life_safety
        return replace(self.audience, kind=WANTED_AS.get(self.kind) if skips else None)

    def leaves_after(self, at: datetime) -> bool:
        """Whether it is to leave later than this moment."""
        return self.effective_at is not None and self.effective_at > at


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert as it stands. author_ids: everybody who wrote at it; digest: of what was submitted.

    override_reason: why its author approved it alone. rejection: why it was not approved, or did not leave.
    acknowledged: the codes of the warnings that whoever submitted it had seen. form_key: of the form that made or last
    changed it. retries: how often those whom it did not reach were tried again by hand.
    """

    id: int
    organisation_id: int
    state: AlertState
    content: Content
    author_ids: tuple[int, ...]
    digest: str | None
    submitted_by: int | None
    submitted_at: datetime | None
    approved_by: int | None
    approved_at: datetime | None
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    override_reason: str | None = None
    rejection: str | None = None
    acknowledged: tuple[str, ...] = ()
    form_key: str | None = None
    retries: int = 0
