"""Cuts a text into the pieces of the e5 vocabulary: the likeliest cut, as SentencePiece's unigram model has it."""

import re
from array import array
from functools import lru_cache
from typing import Final

from nlu.e5_file import PackedModel

_PREFIX: Final = "query: "
"""The model was trained with it."""

_MARK: Final = "▁"
"""Stands for a space; a piece has it at its beginning only."""

_SPACES: Final = re.compile(" {2,}")
_PENALTY: Final = 10.0
"""A character that no piece holds is that much less likely than the least likely piece."""


class Tokens:
    """The vocabulary, looked up piece by piece."""

    def __init__(self, model: PackedModel) -> None:
        scores = array("f", model.piece_scores.tobytes())  # a list of so many numbers would take 8 MB
        self._pieces = {piece: at for at, piece in enumerate(model.pieces) if piece and at != model.unknown}
        self._scores = scores
        self._unlikely = min(scores) - _PENALTY
        self._widest = max(map(len, model.pieces))
        self._model = model
        self._pieces_of = lru_cache(maxsize=20_000)(self._cut_word)

    def cut(self, text: str) -> list[int]:
        """The numbers of the pieces, between the marks for begin and end; what the model cannot hold is left out."""
        plain = _SPACES.sub(" ", f" {_PREFIX}{text}".translate(self._model.spellings))
        pieces = [piece for word in plain.split(" ")[1:] for piece in self._pieces_of(_MARK + word)]
        return [self._model.begin, *pieces[: self._model.longest - 2], self._model.end]

    def _cut_word(self, word: str) -> list[int]:
        """The likeliest pieces that make up `word`, found from its beginning to its end."""
        likeliest = [(0.0, 0, self._model.unknown)] + [(float("-inf"), 0, 0)] * len(word)
        for start in range(len(word)):
            so_far = likeliest[start][0]
            for end in range(start + 1, min(len(word), start + self._widest) + 1):
                piece = self._pieces.get(word[start:end])
                score = so_far + (self._unlikely if piece is None else self._scores[piece])
                if (piece is not None or end == start + 1) and score > likeliest[end][0]:
                    likeliest[end] = (score, start, self._model.unknown if piece is None else piece)
        pieces, end = [], len(word)
        while end:
            _, end, piece = likeliest[end]
            pieces.append(piece)
        return pieces[::-1]
