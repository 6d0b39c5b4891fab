"""Lindebeke's own content file: complete, the same in every language, and short enough for SMS."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import bots.content
from bots.answers import ANSWERED_BY_THE_SYSTEM, LABEL_LIMIT, LANGUAGES, Answers
from messaging.sms import segments
from nlu.topics import topic_names

LINDEBEKE = Path(bots.content.__file__).with_name("lindebeke.yml")
NUMBER = r"(?<![:\d])\d+"  # in English "20 uur" is 20:00
ANSWERED = sorted(topic_names() - ANSWERED_BY_THE_SYSTEM)

# Parts of an SMS that an answer may cost. Dutch is what nearly everybody gets; French has signs outside GSM-7.
PARTS = {"nl": 2, "fr": 5, "de": 3, "en": 3}


@cache
def answers() -> Answers:
    return Answers.load(LINDEBEKE, topic_names())


@cache
def raw() -> Any:
    return YAML(typ="safe").load(LINDEBEKE.read_text(encoding="utf-8"))


def translated(node: Any, trail: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of the file that is given per language, by the place where it stands."""
    if isinstance(node, dict) and "nl" in node:
        yield trail, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from translated(value, f"{trail}.{key}")


@pytest.mark.parametrize("topic", ANSWERED)
def test_each_topic_is_answered_and_labelled_in_every_language(topic: str) -> None:
    for language in LANGUAGES:
        assert answers().text(topic, language)
        assert len(answers().label(topic, language)) <= LABEL_LIMIT


def test_what_the_system_answers_itself_is_not_in_the_file() -> None:
    assert not ANSWERED_BY_THE_SYSTEM & answers().by_topic.keys()


@pytest.mark.parametrize("what", [r"\{\w+\}", r"(?:www\.|\{website\}/)[\w./-]*\w", NUMBER])
def test_a_translation_holds_the_placeholders_links_and_numbers_of_the_dutch(what: str) -> None:
    """It can say no more, and no less, than the Dutch on which a resident may rely."""
    differing = [
        f"{trail}.{language}"
        for trail, texts in translated(raw())
        for language in LANGUAGES
        if Counter(re.findall(what, texts[language])) != Counter(re.findall(what, texts["nl"]))
    ]
    assert not differing


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_buttons_never_read_the_same(language: str) -> None:
    labels = Counter(answers().label(topic, language) for topic in ANSWERED)
    assert [label for label, count in labels.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_stays_within_the_sms_parts_that_its_language_may_cost(language: str) -> None:
    dear = {topic: segments(answers().text(topic, language)).parts for topic in ANSWERED}
    assert {topic: parts for topic, parts in dear.items() if parts > PARTS[language]} == {}


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_no_sign_makes_an_sms_dear(language: str) -> None:
    """One sign outside GSM-7 leaves 67 instead of 153 characters in each part."""
    costly = {topic: segments(answers().text(topic, language)).costly for topic in ANSWERED}
    assert {topic: signs for topic, signs in costly.items() if signs} == {}


@pytest.mark.parametrize("topic", [topic for topic in ANSWERED if topic.startswith("report_")])
def test_a_report_gets_the_form_a_phone_number_and_a_colleague_who_reads_it(topic: str) -> None:
    text = answers().text(topic, "nl")
    assert answers().facts["report_page"]["nl"] in text
    assert "016 00 00" in text
    assert "collega leest" in text


@pytest.mark.parametrize("topic", ["report_road_damage", "report_green", "report_blocked_drain", "report_animal"])
def test_danger_comes_before_the_form(topic: str) -> None:
    text = answers().text(topic, "nl")
    emergency = re.search(r"\b(112|101)\b", text)
    assert emergency is not None
    assert emergency.start() < text.index(answers().facts["report_page"]["nl"])


def test_every_fact_is_used_by_a_text() -> None:
    """A number that nobody is told would go stale unseen."""
    used = set(re.findall(r"\{(\w+)\}", str(raw()["answers"]) + str(raw()["waste"])))
    assert answers().facts.keys() - used == set()
