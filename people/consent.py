"""What somebody agrees to, and how; the wording that they saw is kept with it."""

from enum import StrEnum

ALERTS = "alerts"


class Way(StrEnum):
    """How consent was given or withdrawn."""

    CHAT = "chat"
    IMPORT = "import"
    CONSOLE = "console"
    PROVIDER = "provider"  # Twilio reported the opt-out, or the person blocked the bot
