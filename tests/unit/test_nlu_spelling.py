"""Misspelt words become known ones; all else stays."""

from nlu.spelling import Spelling

KNOWN = Spelling({"boete": 3, "betalen": 2, "vuilniswagen": 1})


def test_mending_leaves_what_is_known_or_unlike_anything_as_written() -> None:
    assert KNOWN.mend("Boete betalen in Zwijndrecht, 25€!") == "Boete betalen in Zwijndrecht, 25€!"


def test_mending_replaces_only_the_misspelt_word() -> None:
    assert KNOWN.mend("Wnr de boette betalen? Vuilnswagen!") == "Wnr de boete betalen? vuilniswagen!"


def test_snapping_folds_the_whole_text() -> None:
    assert KNOWN.snap("Een Boette bètalen") == "een boete betalen"
