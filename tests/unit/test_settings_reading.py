"""Settings: environment, then file, then defaults; a mistake is refused with what to change."""

from pathlib import Path

import pytest

from samenspraak.settings import Settings, load
from storage.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(**values: str) -> Settings:
    return load({f"SAMENSPRAAK_{name}": value for name, value in values.items()})


def test_nothing_is_needed() -> None:
    settings = read()
    assert settings.database_url == "sqlite:///var/samenspraak.db"
    assert (settings.telegram, settings.twilio, settings.mail, settings.public_url) == (None, None, None, None)


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "TELEGRAM_TOKEN",
        "TELEGRAM_SECRET",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_ACCOUNT_SID",
        "DATABASE_URL",
        "MAIL_HOST",
        "PUBLIC_URL",
    ],
)
@pytest.mark.parametrize("value", ["", "   "])
def test_what_is_set_but_empty_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"SAMENSPRAAK_{name}"):
        read(**{name: value})


@pytest.mark.parametrize("name", ["SECRET_KEY", "TELEGRAM_TOKEN", "TWILIO_AUTH_TOKEN", "DATABASE_URL", "RASA_TOKEN"])
def test_a_secret_may_stand_in_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("sqlite:///from-a-file\n")
    settings = read(**{f"{name}_FILE": str(file), "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "x"})
    assert settings.telegram is None or settings.telegram.token == "sqlite:///from-a-file"
    assert settings.twilio is not None
    found = {
        "SECRET_KEY": settings.secret_key,
        "TELEGRAM_TOKEN": settings.telegram and settings.telegram.token,
        "TWILIO_AUTH_TOKEN": settings.twilio.auth_token,
        "DATABASE_URL": settings.database_url,
        "RASA_TOKEN": settings.rasa.token,
    }
    assert found[name] == "sqlite:///from-a-file"


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_file_without_a_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match="SAMENSPRAAK_TELEGRAM_TOKEN_FILE"):
        read(TELEGRAM_TOKEN_FILE=str(file))


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="SAMENSPRAAK_SECRET_KEY_FILE"):
        read(SECRET_KEY_FILE="nowhere")


def test_an_empty_kept_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("\n")
    with pytest.raises(ConfigurationError, match=r"secret\.key"):
        read(DATA=str(tmp_path))


def test_the_environment_goes_before_the_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / "samenspraak.toml").write_text('mail_host = "file"\nmail_port = 2525\n')
    settings = read(MAIL_HOST="environment")
    assert settings.mail is not None
    assert (settings.mail.host, settings.mail.port) == ("environment", 2525)


@pytest.mark.parametrize("content", [b"mail_host =", b'mail_host = "\xff"'])
def test_a_broken_file_of_settings_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "samenspraak.toml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"samenspraak\.toml"):
        read()


def test_a_file_of_settings_that_was_named_must_be_there() -> None:
    with pytest.raises(ConfigurationError, match=r"mine\.toml"):
        read(CONFIG="mine.toml")


@pytest.mark.parametrize("value", ["nan", "inf", "0", "-1", "many"])
def test_what_is_no_number_above_nought_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError, match="SAMENSPRAAK_DATABASE_POOL"):
        read(DATABASE_POOL=value)


def test_account_and_token_of_twilio_go_together() -> None:
    for half in ({"TWILIO_ACCOUNT_SID": "AC1"}, {"TWILIO_AUTH_TOKEN": "x"}):
        with pytest.raises(ConfigurationError, match="go together"):
            read(**half)


def test_further_bots_follow_the_first_and_are_not_too_many() -> None:
    telegram = read(TELEGRAM_TOKEN="1:x, 2:y").telegram
    assert telegram is not None
    assert (telegram.token, telegram.others) == ("1:x", ("2:y",))
    with pytest.raises(ConfigurationError, match="SAMENSPRAAK_TELEGRAM_TOKEN"):
        read(TELEGRAM_TOKEN=",".join(f"{number}:x" for number in range(10)))


@pytest.mark.parametrize("secret", ["a b", "é", "x" * 257])
def test_a_secret_that_telegram_would_refuse_is_refused(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="SAMENSPRAAK_TELEGRAM_SECRET"):
        read(TELEGRAM_TOKEN="1:x", TELEGRAM_SECRET=secret)


def test_a_public_address_is_an_address_and_loses_its_last_slash() -> None:
    assert read(PUBLIC_URL="https://town.example/").public_url == "https://town.example"
    with pytest.raises(ConfigurationError, match="SAMENSPRAAK_PUBLIC_URL"):
        read(PUBLIC_URL="town.example")


def test_secrets_do_not_show_in_a_repr() -> None:
    settings = read(
        SECRET_KEY="hidden", TELEGRAM_TOKEN="1:hidden", TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="hidden"
    )
    assert "hidden" not in repr(settings)


def test_without_a_secret_key_it_is_said_how_to_make_one() -> None:
    with pytest.raises(ConfigurationError, match="samenspraak init"):
        read().require_secret_key()
