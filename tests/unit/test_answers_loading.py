"""A content file is filled in when it is right, and refused with its line when it is not."""

from pathlib import Path

import pytest

from bots.answers import Answers
from storage.errors import InvalidInput

CONTENT = """\
municipality: {name: Testdorp, address_form: je}
facts:
  phone: 016 00 00 01
  hours: {nl: ma 9-12 u, fr: lu 9-12 h, de: Mo 9-12 Uhr, en: Mon 9-12}
waste:
  text: {nl: "{fraction}: {date}", fr: "{fraction}: {date}", de: "{fraction}: {date}", en: "{fraction}: {date}"}
  fractions:
    paper:
      label: {nl: papier, fr: papier, de: Papier, en: paper}
      synonyms: [karton]
      first: 2026-01-06
      every_weeks: 4
      moved: {2026-07-21: 2026-07-22}
answers:
  greet:
    label: {nl: Begroeting, fr: Salutation, de: Gruß, en: Greeting}
    text:
      nl: {u: "Bel uw gemeente {municipality}: {phone}", je: "Bel je gemeente {municipality}: {phone}"}
      fr: "Appelez {municipality} : {phone} ({hours})"
      de: "Rufen Sie {municipality} an: {phone}"
      en: "Call {municipality}: {phone}"
"""
MISTAKES = {  # what is written instead, and the refusal, which begins with the line
    "a missing language": ('      en: "Call', '      # en: "Call', r":17: answers\.greet\.text: missing: en"),
    "a language that we do not speak": ("      en: ", "      es: ", r":21: answers\.greet\.text\.es: unknown here"),
    "an unknown placeholder": ("an: {phone}", "an: {fone}", r":20: answers\.greet\.text\.de: .*\{fone\}"),
    "a stray brace": ("an: {phone}", "an: {phone", r":20: answers\.greet\.text\.de: unknown placeholder \{"),
    "an unknown topic": ("  greet:", "  great:", r":15: answers\.great: unknown here; known are greet"),
    "a label too long for a button": ("Gruß", "Freundliche Begrüßung hier", r":16: answers\.greet\.label\.de: 26 char"),
    "a text too long for SMS": ("Rufen Sie", "Rufen Sie " * 50, r":20: answers\.greet\.text\.de: \d+ characters"),
    "an empty text": ('"Call {municipality}: {phone}"', '" "', r":21: answers\.greet\.text\.en: a text is expected"),
    "a number without quotes": ("016 00 00 01", "101", r":3: facts\.phone: .*needs quotes"),
    "a placeholder inside a fact": ("016 00 00 01", "'{hours}'", r":3: facts\.phone: only the texts of answers"),
    "a fact that takes the municipality's name": ("  phone:", "  municipality:", r":3: facts\.municipality: .*taken"),
    "another form of address": ("form: je", "form: gij", r":1: municipality\.address_form: is u or je"),
    "only one form of address": ('je: "Bel je', 'jij: "Bel je', r":18: answers\.greet\.text\.nl\.jij: unknown here"),
    "a missing section": ("facts:", "facts_of_ours:", r":2: facts_of_ours: unknown here"),
    "a text where names belong": ("  greet:", "  greet: hello", r":\d+: mapping values are not allowed"),
    "a topic given twice": ("  greet:", "  greet: {}\n  greet:", r":16: found duplicate key"),
    "an interval of no weeks": ("every_weeks: 4", "every_weeks: 0", r":12: .*every_weeks: a whole number from 1"),
    "a first day that is no date": ("first: 2026-01-06", "first: tuesday", r":11: .*first: a date such as"),
    "a moved day without collection": ("{2026-07-21:", "{2026-07-20:", r":13: .* no day of a regular collection"),
    "a substitute far away": ("2026-07-22}", "2027-07-22}", r":13: .*at most 6 days away"),
    "synonyms that are no list": ("[karton]", "karton", r":10: .*synonyms: a list of texts"),
}


def load(folder: Path, content: str, topics: frozenset[str] = frozenset({"greet", "deny"})) -> Answers:
    file = folder / "content.yml"
    file.write_text(content, encoding="utf-8")
    return Answers.load(file, topics)


def test_facts_are_filled_in_per_language(tmp_path: Path) -> None:
    assert load(tmp_path, CONTENT).text("greet", "fr") == "Appelez Testdorp : 016 00 00 01 (lu 9-12 h)"


def test_dutch_is_spoken_in_the_municipalitys_form_of_address_unless_told_otherwise(tmp_path: Path) -> None:
    answers = load(tmp_path, CONTENT)
    assert answers.text("greet", "nl").startswith("Bel je")
    assert answers.text("greet", "nl", form="u").startswith("Bel uw")
    assert answers.text("greet", "en", form="je") == answers.text("greet", "en", form="u")


def test_a_plain_dutch_text_serves_both_forms(tmp_path: Path) -> None:
    start = CONTENT.index("      nl: {u:")
    plain = CONTENT[:start] + '      nl: "Dag!"\n' + CONTENT[CONTENT.index("      fr: ", start) :]
    answers = load(tmp_path, plain)
    assert answers.text("greet", "nl", "u") == answers.text("greet", "nl", "je") == "Dag!"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_file_line_and_place(mistake: str, tmp_path: Path) -> None:
    right, wrong, refusal = MISTAKES[mistake]
    assert right in CONTENT
    with pytest.raises(InvalidInput, match="content.yml" + refusal):
        load(tmp_path, CONTENT.replace(right, wrong, 1))


def test_a_topic_without_an_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"content\.yml:14: answers: missing: passport"):
        load(tmp_path, CONTENT, frozenset({"greet", "passport"}))


@pytest.mark.parametrize("content", ["", "just a sentence", "- a\n- list\n"])
def test_a_file_without_sections_is_refused(content: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="a list of names with values is expected"):
        load(tmp_path, content)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        Answers.load(tmp_path / "nowhere.yml", frozenset())
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="cannot be read"):
        Answers.load(tmp_path / "binary.yml", frozenset())
