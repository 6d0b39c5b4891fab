"""Misspelt words become known ones; all else stays."""

from nlu.spelling import Spelling

KNOWN = Spelling({"boete": 3, "betalen": 2, "vuilniswagen": 1})
TYPED = Spelling(
    {
        "iemand": 60,
        "iemnad": 2,
        "iemad": 1,
        "het": 900,
        "hte": 1,
        "eht": 100,
        "will": 30,
        "wil": 1,
        "wall": 2,
    }
)
"""As counted in sentences of which some are written as people type."""


def test_mending_leaves_what_is_known_or_unlike_anything_as_written() -> None:
    assert KNOWN.mend("Boete betalen in Zwijndrecht, 25€!") == "Boete betalen in Zwijndrecht, 25€!"


def test_mending_replaces_only_the_misspelt_word() -> None:
    assert KNOWN.mend("Wnr de boette betalen? Vuilnswagen!") == "Wnr de boete betalen? vuilniswagen!"


def test_snapping_folds_the_whole_text() -> None:
    assert KNOWN.snap("Een Boette bètalen") == "een boete betalen"


def test_a_rare_word_that_is_a_frequent_one_mistyped_is_mended_though_the_sentences_have_it() -> None:
    assert TYPED.mend("iemnad, iemad") == "iemand, iemand"


def test_in_a_short_word_only_letters_swapped_or_not_doubled_show_what_was_meant() -> None:
    assert TYPED.mend("hte wil ht") == "het will ht"


def test_a_known_word_that_is_another_ones_neighbour_by_chance_stays() -> None:
    assert TYPED.mend("wall eht") == "wall eht"
