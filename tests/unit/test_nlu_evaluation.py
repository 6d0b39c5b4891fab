"""The figures of an evaluation, counted by hand on a few messages."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nlu.evaluation import Message, Outcome, evaluate, figures, read_messages
from nlu.evaluation_picture import confusion_picture
from nlu.evaluation_report import readable
from nlu.interpreter import Candidate, Interpretation, Language
from storage.errors import InvalidInput


def understood(
    *ranked: str, language: Language = "nl", safety: str | None = None, suspected: str | None = None
) -> Interpretation:
    ranking = tuple(Candidate(intent, 0.9 / (at + 1)) for at, intent in enumerate(ranked))
    return Interpretation(language, 1.0, ranked[0], 0.9, ranking, (), safety, False, "told", suspected)


def outcome(intent: str, found: Interpretation, text: str = "een twee drie", style: str = "plain") -> Outcome:
    return Outcome(Message("nl", intent, text, style), found, 2.0)


OUTCOMES = [
    outcome("fine", understood("fine", "library")),
    outcome("fine", understood("library", "fine"), style="typo"),
    outcome("library", understood("out_of_scope", "library")),
    outcome("out_of_scope", understood("out_of_scope")),
    outcome("out_of_scope", understood("fine", "library", language="fr")),
    outcome("emergency", understood("emergency", safety="emergency"), text="brand"),
    outcome("sports", understood("emergency", "sports", safety="emergency")),
]


def test_shares_are_those_counted_by_hand() -> None:
    report = figures(OUTCOMES)
    assert report["n"] == 7
    assert report["accuracy"] == 0.4
    assert report["accuracy_top2"] == 0.8
    assert report["out_of_scope"] == {"recall": 0.5, "precision": 0.5, "false_rejections": 0.2}
    assert report["safety"] == {"recall": 1.0, "false_alarms": 0.1667}
    assert report["by_style"]["typo"] == {"n": 1, "accuracy": 0.0, "accuracy_top2": 1.0}
    assert report["by_intent"]["fine"] == {"n": 2, "recall": 0.5, "precision": 0.5, "f1": 0.5}
    assert report["latency_ms"] == {"p50": 2.0, "p99": 2.0}
    assert {"intent": "fine", "taken_for": "library", "n": 1} in report["confusions"]


def test_a_danger_that_is_suspected_counts_apart_from_one_that_raises_the_alarm() -> None:
    outcomes = [
        *OUTCOMES,
        outcome("emergency", understood("fine", suspected="emergency")),
        outcome("self_harm", understood("fine", suspected="emergency")),
        outcome("fine", understood("fine", suspected="emergency")),
    ]
    report = figures(outcomes)
    assert report["safety"]["recall"] == 0.3333
    assert report["suspicion"] == {"recall": 0.6667, "false_suspicions": 0.1429}


def test_the_language_counts_from_three_words_on() -> None:
    assert figures(OUTCOMES)["language_accuracy"] == round(5 / 6, 4)


def test_the_report_is_json_and_readable() -> None:
    report = figures(OUTCOMES)
    assert json.loads(json.dumps(report)) == report
    assert "fine taken for library" in readable(report)


def test_what_was_not_measured_is_none() -> None:
    assert figures(OUTCOMES[:1])["out_of_scope"] == {"recall": None, "precision": None, "false_rejections": 0.0}


class Told:
    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:
        return understood(text, language=seed or "nl")


async def test_each_message_is_given_to_the_engine_and_timed(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    path.write_text('lang\tintent\ttext\tstyle\nnl\tfine\tfine\tplain\nfr\tlibrary\t"fine\tshort\n', encoding="utf-8")
    outcomes = await evaluate(Told(), read_messages(path))
    assert [result.right for result in outcomes] == [True, False]
    assert outcomes[1].message == Message("fr", "library", '"fine', "short")
    assert all(result.milliseconds >= 0 for result in outcomes)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("lang\ttext\nnl\tx\n", ":1: the header line lacks intent"),
        ("lang\tintent\ttext\nnl\tfine\n", ":2: 2 columns where the header has 3"),
        ("lang\tintent\ttext\nxx\tfine\tx\n", ":2: unknown language 'xx'"),
        ("lang\tintent\ttext\n\nnl\tfoo\tx\n", ":3: unknown topic 'foo'"),
        ("lang\tintent\ttext\n", "holds no messages"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "m.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=reason):
        read_messages(path)


def test_the_picture_holds_each_pair_of_topics_once() -> None:
    """A cell a pair of topics, its count in its title, and nothing that a viewer must trust: no script, no link."""
    picture = confusion_picture(OUTCOMES)
    root = ElementTree.fromstring(picture)  # noqa: S314  # our own text
    titles = [title.text or "" for title in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "1 of 2: fine understood as library" in titles
    assert "1 of 1: emergency understood as emergency" in titles
    assert len(titles) == 1 + len({(one.message.intent, one.found.intent) for one in OUTCOMES})
    assert "script" not in picture
    assert "href" not in picture
