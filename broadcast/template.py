"""A template of an organisation: an alert with blanks, to begin from."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcast.blanks import blanks, filled
from broadcast.event import check_texts
from broadcast.vocabulary import Kind, Status
from storage.errors import InvalidInput

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Texts by language, with blanks such as [street]. template_sid: approved at the provider for the Dutch text."""

    id: int
    name: str
    kind: Kind
    title: str
    texts: Mapping[str, str]
    instructions: Mapping[str, str]
    short_texts: Mapping[str, str]
    template_sid: str

    @property
    def blanks(self) -> tuple[str, ...]:
        """Everything that is to be filled in, wherever it stands."""
        every = (self.texts, self.instructions, self.short_texts)
        return blanks([self.title, *(text for texts in every for text in texts.values())])

    def bound(self, text: str, values: Mapping[str, str], status: Status) -> tuple[str, tuple[str, ...]]:
        """The approved template and the values of its blanks for what became of the Dutch text; empty for another one.

        An exercise says so in the blanks, so that a text without any has no place for it.
        """
        names = blanks([self.texts["nl"]])
        same = text.strip() == filled(self.texts["nl"], values).strip()
        if not self.template_sid or not same or (status is not Status.ACTUAL and not names):
            return "", ()
        return self.template_sid, tuple(" ".join(values[name].split()) for name in names)

    def check(self) -> None:
        """Raises InvalidInput for what cannot be kept, or could not be begun from."""
        if not 1 <= len(self.name.strip()) <= LONGEST_NAME:
            raise InvalidInput("A template needs a name")
        check_texts(self.texts)
        if self.template_sid and not (self.template_sid.startswith("HX") and self.template_sid.isalnum()):
            raise InvalidInput("The number of an approved template begins with HX")
