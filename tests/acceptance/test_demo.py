"""`samenspraak demo --script`: the whole, from a resident's question to the figures, by the real command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("samenspraak")
ROOT = Path(__file__).parents[2]
_LONGEST = 600
"""Seconds: the story takes one minute; after a change of the training sentences the language is learnt first."""


@pytest.fixture(scope="module")
def told() -> subprocess.CompletedProcess[str]:
    """The story, told once."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMENSPRAAK_")}
    return subprocess.run(
        [COMMAND, "demo", "--script"],
        cwd=ROOT,
        env=environment | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        check=False,
    )


def test_every_statement_of_the_story_holds(told: subprocess.CompletedProcess[str]) -> None:
    assert told.returncode == 0, told.stdout + told.stderr
    assert "✗" not in told.stdout
    assert "statements hold." in told.stdout


def test_it_writes_nothing_but_the_story(told: subprocess.CompletedProcess[str]) -> None:
    assert told.stderr == ""


@pytest.mark.parametrize(
    "statement",
    [
        "✓ Mia is told at first contact that a bot speaks",
        "✓ by the language law the answer is in Dutch",
        "✓ the message begins with: Bel nu 112",
        "✓ by SMS they are numbers in the text",
        "✓ between take-over and giving back no bot message came",
        "✓ outside office hours Emma hears when a person answers",
        "✓ Georgette Pauwels, outside WhatsApp's 24 hours, gets the approved template",
        "✓ both answers stand under the alert",
        "✓ Jonas De Smet, to whom WhatsApp did not deliver it, gets it by SMS",
        "✓ Lotte, who needs help, is told first: Bel nu 112",
        "✓ in the inbox Lotte waits before everybody else, marked as urgent",
        "✓ the update goes to the same people, at the same addresses, once",
        "✓ the all-clear goes to the same people, at the same addresses, once",
        "✓ the feedback goes to the same people, at the same addresses, once",
        "✓ sent another way: sms: 1 by both counts",
        "✓ STOP is confirmed once",
        "✓ the page shows reach as (6 / 21.032)",
        "✓ the providers saw no request against their specifications",
    ],
)
def test_the_transcript_says_what_was_held_against_the_providers(
    told: subprocess.CompletedProcess[str], statement: str
) -> None:
    assert statement in told.stdout
