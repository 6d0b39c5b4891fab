"""The sentences that ship are a sound Rasa project, by Rasa's own judgement."""

import subprocess

from nlu.rasa_project import PROJECT
from tests.rasa.running import HOME

OF_STORIES = "is not used in any story or rule"
"""A project without stories, whose dialogue is ours, is told so of each topic."""


def test_rasa_finds_nothing_wrong_with_the_sentences() -> None:
    command = [str(HOME / "bin" / "python"), "-m", "rasa", "data", "validate"]
    files = ["--data", "data", "--config", "config.yml", "--domain", "domain.yml"]
    done = subprocess.run([*command, *files], cwd=PROJECT, capture_output=True, text=True, check=False)
    warnings = [line for line in done.stderr.splitlines() if "UserWarning" in line and OF_STORIES not in line]
    assert done.returncode == 0, done.stderr[-2_000:]
    assert warnings == []
