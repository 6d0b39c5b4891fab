"""Every text of the pages has its Dutch, with the same blanks, and none is left over from before."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import console
import locales
from broadcast.preflight import cautions, parity
from console import errors, figures, labels
from console.figures import Writer
from locales.catalogue import translate
from participation.metrics import Cohort
from tests.unit.console_figures import some_figures

HERE = Path(console.__file__).parent
BLANK = re.compile(r"%\(\w+\)s|\{\w*\}")


def _forms(text: Any) -> tuple[str, ...]:
    """A text in the singular, or in singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def _catalogue(language: str = "nl") -> dict[tuple[str, ...], tuple[str, ...]]:
    with (Path(locales.__file__).parent / language / "console.po").open("rb") as file:
        return {_forms(one.id): _forms(one.string) for one in read_po(file, locale=language) if one.id}


def _dutch() -> set[str]:
    return {forms[0] for forms, written in _catalogue().items() if all(written)}


def _in_templates() -> Iterator[str]:
    for file in sorted((HERE / "templates").rglob("*.html")):
        with file.open("rb") as source:
            for _, _, message, _ in babel_extract(source, ("_", "gettext", "ngettext"), [], {"trim_blocks": "true"}):
                yield _forms(message)[0]


def _in_code() -> Iterator[str]:
    """First texts of `text(visit, …)`; what the errors that pages raise themselves say."""
    for file in (*HERE.glob("routes/*.py"), HERE / "problems.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                wanted = node.args[1:2] if node.func.id == "text" else []
                yield from (str(one.value) for one in wanted if isinstance(one, ast.Constant))


def _in_warnings() -> Iterator[str]:
    """What an alert's warnings say, each a constant of its module."""
    for module in (cautions, parity):
        yield from (
            text
            for name, text in vars(module).items()
            if name.startswith("_") and isinstance(text, str) and "%(" in text
        )


def _in_tables() -> Iterator[str]:
    for kind in labels.LABELS.values():
        yield from kind.values()
    yield from (*errors.TITLES.values(), *errors.EXPLANATIONS.values(), errors.OTHER_TITLE, errors.OTHER_EXPLANATION)


@pytest.mark.parametrize(
    "texts", [_in_templates, _in_code, _in_tables, _in_warnings], ids=["templates", "code", "tables", "warnings"]
)
def test_every_text_has_its_dutch(texts: object) -> None:
    assert callable(texts)
    assert set(texts()) - _dutch() == set()


def test_every_text_of_the_figures_has_its_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set(Cohort)

    def note(domain: str, language: str, message: str) -> str:
        asked.add(message)
        return translate(domain, language, message)

    monkeypatch.setattr(figures, "translate", note)
    writer = Writer("nl", {})
    writer.key_figures(some_figures())
    list(writer.sections(some_figures()))
    assert asked - _dutch() == set()


def test_english_that_reads_better_than_its_name_is_of_a_text_that_still_exists() -> None:
    assert set(_catalogue("en")) - set(_catalogue()) == set()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_translation_fills_in_the_same_blanks(language: str) -> None:
    wrong = {
        forms: written
        for forms, written in _catalogue(language).items()
        for each in written
        if not set(BLANK.findall(each)) <= set(BLANK.findall(" ".join(forms)))
    }
    assert wrong == {}
