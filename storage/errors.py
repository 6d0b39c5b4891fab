"""The one tree of errors: a subclass per reason, mapped once to HTTP and once to exit codes."""


class SamenspraakError(Exception):
    """Root of every error that we raise on purpose; its text is safe to show and to log."""


class InvalidInput(SamenspraakError):
    """What was given cannot be used; the text says what to change."""


class NotFound(SamenspraakError):
    """There is no such thing in this organisation."""


class Forbidden(SamenspraakError):
    """This person may not do this."""


class Conflict(SamenspraakError):
    """Somebody or something else changed the state first."""


class ConfigurationError(SamenspraakError):
    """The installation is not set up right; the text says how to mend it."""


class Unavailable(SamenspraakError):
    """Something that we depend on does not answer now."""
