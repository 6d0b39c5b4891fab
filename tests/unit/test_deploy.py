"""What `deploy/` says fits the command and its settings: a misspelt option would be found on the day it is needed."""

import configparser
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from samenspraak import settings
from samenspraak.cli import samenspraak

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: list[dict[str, Any]] = [YAML(typ="safe").load(path) for path in sorted(DEPLOY.glob("compose*.yaml"))]
SERVICES: list[tuple[str, dict[str, Any]]] = [entry for file in COMPOSE for entry in file["services"].items()]
UNITS = sorted(DEPLOY.glob("*.service"))
NOT_OURS = "POSTGRES_"


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)


def known() -> set[str]:
    """Every setting that the application reads."""
    given = {"TELEGRAM_TOKEN": "1:a", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "b", "MAIL_HOST": "mail"}
    asked = Asked({f"SAMENSPRAAK_{name}": value for name, value in given.items()})
    settings.load(asked)
    return asked.names


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser


def commands() -> Iterator[tuple[str, list[str]]]:
    for name, service in SERVICES:
        if "command" in service:
            yield name, service["command"]
    for path in UNITS:
        for key in ("ExecStartPre", "ExecStart"):
            if line := unit(path)["Service"].get(key):
                program, *arguments = shlex.split(line)
                assert program == "/opt/samenspraak/bin/samenspraak"
                yield path.name, arguments


def variables() -> Iterator[tuple[str, str]]:
    for name, service in SERVICES:
        yield from ((name, variable) for variable in service["environment"])
    for line in (DEPLOY / "samenspraak.env.example").read_text().splitlines():
        if line and not line.startswith("#"):
            yield "samenspraak.env.example", line.partition("=")[0]
    for path in UNITS:
        if set_here := unit(path)["Service"].get("Environment"):
            yield path.name, set_here.partition("=")[0]


@pytest.mark.parametrize(("where", "arguments"), list(commands()))
def test_every_command_exists_with_its_options(where: str, arguments: list[str]) -> None:
    root = click.Context(samenspraak)
    command = samenspraak.get_command(root, arguments[0])
    assert command is not None, where
    command.make_context(arguments[0], arguments[1:], parent=root)


@pytest.mark.parametrize(("where", "name"), [one for one in variables() if not one[1].startswith(NOT_OURS)])
def test_every_variable_is_a_setting(where: str, name: str) -> None:
    assert name in known(), where


@pytest.mark.parametrize("file", COMPOSE)
def test_every_secret_and_volume_that_a_service_uses_is_declared(file: dict[str, Any]) -> None:
    for service in file["services"].values():
        assert set(service.get("secrets", ())) <= file["secrets"].keys()
        assert {one.partition(":")[0] for one in service.get("volumes", ())} <= file["volumes"].keys()
        assert set(service.get("depends_on", ())) <= file["services"].keys()


def test_web_and_workers_ask_the_rasa_server_with_the_token_that_it_has() -> None:
    (file,) = (file for file in COMPOSE if "rasa" in file["services"])
    token = file["services"]["rasa"]["environment"]["SAMENSPRAAK_RASA_TOKEN_FILE"]
    for name in ("web", "worker"):
        asking = settings.load({
            **file["services"][name]["environment"], "SAMENSPRAAK_RASA_TOKEN_FILE": str(DEPLOY / "compose.yaml"),
        })  # fmt: skip
        assert (asking.nlu_engine, asking.rasa.url) == ("rasa", "http://rasa:5005")
        assert file["services"][name]["environment"]["SAMENSPRAAK_RASA_TOKEN_FILE"] == token


def test_the_units_are_restarted_and_given_time_to_end() -> None:
    assert len(UNITS) == 2
    for path in UNITS:
        service = unit(path)["Service"]
        assert service["Restart"] == "always"
        assert int(service["TimeoutStopSec"]) >= 30
