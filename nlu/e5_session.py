"""multilingual-e5-small, run by onnxruntime on one core."""

from typing import Any, cast

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray

from nlu.e5_file import PackedModel, packed_model
from nlu.e5_graph import build
from nlu.e5_tokens import Tokens


class Session:
    """The model, ready to read sentences."""

    def __init__(self) -> None:
        """Raises ImportError where the weights are missing or of an unknown form."""
        self._packed = PackedModel(packed_model())
        self._tokens = Tokens(self._packed)
        places = self._packed.vector("emb.pos").reshape(-1, self._packed.size)
        self._places = places + self._packed.vector("emb.type")[: self._packed.size]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._run: Any = onnxruntime.InferenceSession(build(self._packed), options, ["CPUExecutionProvider"]).run
        self._packed.let_go()

    def encode(self, text: str) -> NDArray[np.float32]:
        """The mean of what the model makes of each token, of length one.

        One sentence at a time: in company the numbers would be rounded otherwise, and a batch is hardly faster.
        """
        tokens = np.array(self._tokens.cut(text))
        vectors = self._packed.word_vectors(tokens) + self._places[: len(tokens)]
        (found,) = self._run(None, {"vectors": vectors[None]})
        mean = found[0].mean(axis=0)
        return cast("NDArray[np.float32]", mean / np.linalg.norm(mean))
