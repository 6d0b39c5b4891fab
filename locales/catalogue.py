"""Texts in four languages from Babel catalogues. Message ids are English; Dutch is binding, in "u" and in "je".

The catalogues are read from their .po files when first needed, so there is nothing to compile.
"""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("nl", "fr", "de", "en")
_HERE = Path(__file__).parent


@cache
def catalogue(domain: str, language: str) -> GNUTranslations:
    """The texts of one part of the application (bots, console, broadcast) in one language."""
    path = _HERE / language / f"{domain}.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translate(domain: str, language: str, message: str, form: str = "u") -> str:
    """A text in a language. Where Dutch differs between "u" and "je", the form is its context."""
    texts = catalogue(domain, language)
    found = texts.pgettext(form, message)
    return found if found != message else texts.gettext(message)
