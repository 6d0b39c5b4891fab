"""An interpreter that knows a dozen words, for tests of what is done with an interpretation."""

from nlu.interpreter import OUT_OF_SCOPE, Candidate, Interpretation, Language

_INTENTS = {
    "papier": "waste_calendar",
    "paspoort": "passport",
    "passeport": "passport",
    "medewerker": "talk_to_human",
    "buurtnetwerk": "alerts_subscribe",
    "centrum": "alerts_subscribe",
    "goeiedag": "greet",
    "ja": "affirm",
    "oui": "affirm",
    "nee": "deny",
    "idee": "share_idea",
}
_LANGUAGES: dict[str, Language] = {"bonjour": "fr", "gaz": "fr", "hilfe": "de", "hello": "en"}
_SAFETY = {"gas": "emergency", "gaz": "emergency", "dood": "self_harm"}
_SUSPECTED = {"rook": "emergency", "moe": "self_harm"}
UNCLEAR = "kaart"
"""A word that may mean two topics."""


class Keywords:
    """Understands a text by the first word that it knows; `errors` are raised first, one a call.

    suspected: the danger that it suspects in every text that raises no alarm.
    """

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.parsed: list[str] = []
        self.suspected: str | None = None

    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:
        self.parsed.append(text)
        if self.errors:
            raise self.errors.pop(0)
        words = [word.strip(".,?!").casefold() for word in text.split()]
        language = next((_LANGUAGES[word] for word in words if word in _LANGUAGES), seed or "nl")
        safety = next((_SAFETY[word] for word in words if word in _SAFETY), None)
        intent = safety or next((_INTENTS[word] for word in words if word in _INTENTS), OUT_OF_SCOPE)
        ranking: tuple[Candidate, ...] = (Candidate(intent, 0.9),)
        if UNCLEAR in words:
            ranking = (Candidate("identity_card", 0.4), Candidate("driving_licence", 0.35))
        return Interpretation(
            language=language,
            language_confidence=0.99,
            intent=ranking[0].intent,
            confidence=ranking[0].confidence,
            ranking=ranking,
            entities=(),
            safety=safety,
            ambiguous=UNCLEAR in words,
            engine="keywords",
            suspected=None if safety else self.suspected or _suspected_in(words),
        )


def _suspected_in(words: list[str]) -> str | None:
    return next((_SUSPECTED[word] for word in words if word in _SUSPECTED), None)
