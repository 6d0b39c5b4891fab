"""The Rasa project: written out, trained and served by Rasa's own environment."""

import hashlib
import subprocess
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from storage.errors import ConfigurationError, Unavailable

PROJECT: Final = Path(__file__).parent / "training"
"""The project that ships; the embedded engine learns from the same sentences."""

_ENCODER: Final = frozenset({"sentence_encoder.SentenceEncoder"})
_NAMES: Final = frozenset({"CRFEntityExtractor", "EntitySynonymMapper"})


def train(home: Path, project: Path, models: Path) -> Path:
    """Give the model of the sentences in `project`: the one in `models` when they have not changed, else trained.

    `home`: Rasa's environment. Progress goes to standard error. Raises ConfigurationError without that
    environment, Unavailable when Rasa gives up.
    """
    name = f"rasa-{_content_hash(project)}"
    model = models / f"{name}.tar.gz"
    if not model.exists():
        files = {"--nlu": "data", "--config": "config.yml", "--domain": "domain.yml"}
        options = [part for option, file in files.items() for part in (option, str(project / file))]
        options += ["--out", str(models), "--fixed-model-name", name]
        command = _command(home, project, "-m", "rasa", "train", "nlu", *options)
        done = subprocess.run(command, check=False)  # noqa: S603 - our own words
        if done.returncode or not model.exists():
            raise Unavailable(f"Rasa did not train (it ended with {done.returncode}); what it printed says why")
    return model.resolve()


def serving(home: Path, model: Path, token_file: Path, host: str, port: int) -> list[str]:
    """The command that serves `model` to whoever has the token. Raises ConfigurationError without environment."""
    options = ["--model", str(model), "--interface", host, "--port", str(port), "--quiet"]
    return _command(home, PROJECT, str(PROJECT / "serve.py"), str(token_file), *options)


def write_project(
    target: Path,
    *,
    epochs: int,
    encoder: bool = True,
    names: bool = True,
    topics: Collection[str] | None = None,
    each: int | None = None,
) -> None:
    """Write the project anew into `target`, smaller: fewer epochs, without our encoder, without what finds names,
    only some topics, at most `each` sentences of a topic in a file."""
    (target / "data").mkdir(parents=True)
    for name in ("domain.yml", "sentence_encoder.py"):
        (target / name).write_bytes((PROJECT / name).read_bytes())
    config = _read(PROJECT / "config.yml")
    left_out = (frozenset() if encoder else _ENCODER) | (frozenset() if names else _NAMES)
    config["pipeline"] = [step for step in config["pipeline"] if step["name"] not in left_out]
    for step in config["pipeline"]:
        if "epochs" in step:
            step["epochs"] = epochs
    YAML().dump(config, target / "config.yml")
    for path in sorted((PROJECT / "data").glob("*/*.yml")):
        document = _read(path)
        document["nlu"] = [_shorter(block, each) for block in document["nlu"] if _wanted(block, topics)]
        if document["nlu"]:
            (target / "data" / path.parent.name).mkdir(exist_ok=True)
            YAML().dump(document, target / "data" / path.parent.name / path.name)


def _command(home: Path, project: Path, *arguments: str) -> list[str]:
    python = home / "bin" / "python"
    if not python.exists():
        raise ConfigurationError(f"There is no Rasa environment in {home}: `make rasa-environment` makes one")
    environment = [
        "RASA_TELEMETRY_ENABLED=false",
        "RASA_MAX_CACHE_SIZE=0",
        f"PYTHONPATH={project.absolute()}",
        "PYTHONWARNINGS=ignore",  # of libraries about each other
    ]
    return ["env", *environment, str(python.absolute()), *arguments]


def _content_hash(project: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted([*project.glob("*.yml"), *project.glob("*.py"), *project.glob("data/*/*.yml")]):
        digest.update(f"\0{path.relative_to(project).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> Any:
    return YAML().load(path.read_text(encoding="utf-8"))


def _wanted(block: dict[str, Any], topics: Collection[str] | None) -> bool:
    return topics is None or block.get("intent", next(iter(topics))) in topics


def _shorter(block: dict[str, Any], each: int | None) -> dict[str, Any]:
    examples: Sequence[str] = block["examples"].splitlines(keepends=True)
    if each is None or "intent" not in block:
        return block
    return {**block, "examples": LiteralScalarString("".join(examples[:each]))}
