"""Who may do what: one table of role by action."""

from enum import StrEnum

from storage.errors import Forbidden


class Role(StrEnum):
    """What an officer is to the organisation."""

    VIEWER = "viewer"
    OFFICER = "officer"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be done in the console, and over the API."""

    READ_CONVERSATIONS = "read_conversations"
    REPLY = "reply"  # take over, answer, give back, close
    READ_ALERTS = "read_alerts"
    DRAFT_ALERT = "draft_alert"  # write, change and submit
    APPROVE_ALERT = "approve_alert"  # approve and reject, never one's own
    STEER_ALERT = "steer_alert"  # pause, resume, cancel, all-clear, close
    READ_METRICS = "read_metrics"
    MANAGE_MEMBERS = "manage_members"  # see and change them, bring in lists
    EXPORT_MEMBERS = "export_members"  # all their numbers at once
    ADMINISTER = "administer"  # officers, networks, senders


_READ = {Action.READ_CONVERSATIONS, Action.READ_ALERTS, Action.READ_METRICS}

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.READ_ALERTS, Action.READ_METRICS}),
    Role.OFFICER: frozenset(_READ | {Action.REPLY}),
    Role.EDITOR: frozenset(_READ | {Action.REPLY, Action.DRAFT_ALERT, Action.MANAGE_MEMBERS}),
    Role.APPROVER: frozenset(
        _READ | {Action.REPLY, Action.DRAFT_ALERT, Action.MANAGE_MEMBERS} | {Action.APPROVE_ALERT, Action.STEER_ALERT},
    ),
    Role.ADMINISTRATOR: frozenset(Action),
}


def may(role: Role, action: Action) -> bool:
    """Whether this role may do this."""
    return action in ALLOWED[role]


def require(role: Role, action: Action) -> None:
    """Raise Forbidden when this role may not do this."""
    if not may(role, action):
        raise Forbidden(f"The role {role} may not {action.replace('_', ' ')}")
