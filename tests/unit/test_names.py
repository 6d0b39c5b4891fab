"""Samenspraak does not start beside a distribution that owns one of its packages' names."""

from pathlib import Path

import pytest

from samenspraak.names import check_owners, refuse_shared_names
from storage.errors import ConfigurationError


def test_another_owner_of_one_of_our_names_is_refused_and_named() -> None:
    with pytest.raises(ConfigurationError, match="'botkit' has installed a package 'bots'"):
        check_owners({"bots": ["samenspraak", "botkit"]})


def test_our_own_installation_and_other_peoples_packages_are_fine() -> None:
    check_owners({"bots": ["samenspraak"], "telegram": ["python-telegram-bot"]})


def test_a_distribution_on_the_path_is_found_by_its_metadata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "botkit-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: botkit\nVersion: 1.0\n")
    (metadata / "top_level.txt").write_text("bots\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigurationError, match="botkit"):
        refuse_shared_names()


def test_the_environment_that_we_test_in_is_fine() -> None:
    refuse_shared_names()
