"""Our top-level packages have plain names: make sure that they are ours before anything else is imported from them."""

from collections.abc import Mapping, Sequence
from importlib.metadata import packages_distributions

from storage.errors import ConfigurationError

DISTRIBUTION = "samenspraak"

PACKAGES = (
    "bots",
    "broadcast",
    "console",
    "locales",
    "messaging",
    "nlu",
    "participation",
    "people",
    "samenspraak",
    "simulator",
    "storage",
)


def refuse_shared_names() -> None:
    """Raises ConfigurationError when another installed distribution owns one of our top-level packages."""
    check_owners(packages_distributions())


def check_owners(owners: Mapping[str, Sequence[str]]) -> None:
    """The same for given owners: the names of the distributions that each top-level package belongs to."""
    for package in PACKAGES:
        for owner in owners.get(package, ()):
            if owner != DISTRIBUTION:
                raise ConfigurationError(
                    f"The distribution {owner!r} has installed a package {package!r}, which is also one of ours. "
                    f"Remove it (pip uninstall {owner}), or install Samenspraak in an environment of its own."
                )
