"""The training sentences: Rasa 3.x YAML, one folder a language, one file a group of topics.

YAML 1.2 is read on purpose: in 1.1 an intent called `no` would become false.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from nlu.interpreter import LANGUAGES, Entity, Language
from nlu.topics import topic_names
from storage.errors import InvalidInput

TRAINING_FOLDER: Final = Path(__file__).parent / "training" / "data"

_ANNOTATION: Final = re.compile(
    r"\[(?P<text>[^\]\[]+)\](?:\((?P<kind>[^():\s]+)(?::(?P<value>[^()]+))?\)|(?P<detail>\{[^{}]*\}))"
)
_BLOCKS: Final = ("intent", "synonym", "lookup", "regex")


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence that somebody might write, its topic and what it names."""

    text: str
    intent: str
    language: Language
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a synonym, lookup or regex block: `kind` is the block's name."""

    block: str
    kind: str
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything that an engine learns from, in the order of files and lines."""

    examples: tuple[Example, ...]
    terms: tuple[Term, ...] = ()


def read_training_data(folder: Path = TRAINING_FOLDER) -> TrainingData:
    """Read `folder`/{nl,fr,de,en}/*.yml. Raises InvalidInput naming file and line."""
    items = [item for language in LANGUAGES for item in _read_language(folder / language, language)]
    examples = tuple(item for item in items if isinstance(item, Example))
    if not examples:
        raise InvalidInput(f"{folder}: holds no training examples (expected nl/*.yml and the like)")
    return TrainingData(examples, tuple(item for item in items if isinstance(item, Term)))


def read_file(path: Path, language: Language) -> Iterator[Example | Term]:
    """Read one file. Raises InvalidInput naming file and line."""
    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidInput(f"{path}:{line}: broken YAML: {error.problem}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}:1: cannot be read as YAML: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("nlu"), list):
        raise InvalidInput(f"{path}:1: expected a list under 'nlu:'")
    for index, block in enumerate(document["nlu"]):
        yield from _read_block(path, language, block, document["nlu"].lc.item(index)[0] + 1)


def parse_annotation(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Take Rasa's entity annotation out of a sentence: the plain sentence and the entities in it.

    Raises ValueError when the part in braces is no JSON object with an "entity".
    """
    plain, entities, done = "", [], 0
    for match in _ANNOTATION.finditer(text):
        kind, value = match["kind"], match["value"]
        if match["detail"]:
            detail = json.loads(match["detail"])
            if not isinstance(detail.get("entity"), str):
                raise ValueError('an annotation in braces needs an "entity"')
            kind, value = detail["entity"], detail.get("value")
        plain += text[done : match.start()]
        start, word = len(plain), match["text"]
        plain += word
        entities.append(Entity(kind, str(value or word), word, start, len(plain)))
        done = match.end()
    return plain + text[done:], tuple(entities)


def _read_language(folder: Path, language: Language) -> Iterator[Example | Term]:
    for path in sorted(folder.glob("*.yml")):
        yield from read_file(path, language)


def _read_block(path: Path, language: Language, block: Any, line: int) -> Iterator[Example | Term]:
    kinds = [name for name in _BLOCKS if isinstance(block, dict) and name in block]
    if len(kinds) != 1:
        raise InvalidInput(f"{path}:{line}: expected one of {', '.join(_BLOCKS)}")
    kind, name = kinds[0], block[kinds[0]]
    if not isinstance(name, str):
        raise InvalidInput(f"{path}:{line}: the name of the {kind} must be text")
    if kind == "intent" and name not in topic_names():
        raise InvalidInput(f"{path}:{line}: unknown topic '{name}'")
    if not isinstance(block.get("examples"), str) or not block["examples"].strip():
        raise InvalidInput(f"{path}:{line}: {kind} '{name}' needs 'examples: |' with lines that begin with '- '")
    first = block.lc.value("examples")[0] + 2
    for number, text in enumerate(str(block["examples"]).splitlines(), start=first):
        if text.strip():
            yield _read_line(f"{path}:{number}", language, kind, name, text)


def _read_line(where: str, language: Language, kind: str, name: str, line: str) -> Example | Term:
    if not line.startswith("- ") or not line[2:].strip():
        raise InvalidInput(f"{where}: an example must begin with '- ' and hold text")
    text = line[2:].strip()
    if kind != "intent":
        return Term(kind, name, text, language)
    try:
        plain, entities = parse_annotation(text)
    except (ValueError, AttributeError) as error:
        raise InvalidInput(f"{where}: broken entity annotation: {error}") from error
    return Example(plain, name, language, entities)
