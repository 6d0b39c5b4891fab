"""The list of topics, and that the Rasa project and the training sentences agree with it."""

from pathlib import Path

from ruamel.yaml import YAML

import nlu
from nlu.topics import SAFETY_TOPICS, topic_names, topics
from nlu.training_data import read_training_data

DOMAIN = Path(nlu.__file__).parent / "training" / "domain.yml"


def test_every_topic_has_a_name_of_its_own_a_group_and_a_border() -> None:
    assert len({topic.name for topic in topics()}) == len(topics())
    assert all(topic.group and topic.means for topic in topics())
    assert set(SAFETY_TOPICS) < topic_names()


def test_rasa_knows_the_same_topics() -> None:
    domain = YAML(typ="safe").load(DOMAIN.read_text(encoding="utf-8"))
    assert set(domain["intents"]) == topic_names()


def test_the_training_sentences_cover_every_topic_and_name_what_rasa_knows() -> None:
    data = read_training_data()
    domain = YAML(typ="safe").load(DOMAIN.read_text(encoding="utf-8"))
    assert {example.intent for example in data.examples} == topic_names()
    assert {entity.kind for example in data.examples for entity in example.entities} <= set(domain["entities"])
