"""What our own fields are called in CAP: the kinds of message, and names for what it has no element for."""

from broadcast.alert import LANGUAGES
from broadcast.vocabulary import Kind
from locales.catalogue import translate

KIND = "samenspraak:kind"
SHORT_TEXT = "samenspraak:sms"
NIS = "NIS"
POST_CODE = "postcode"

_NAMES = {
    Kind.GAS_LEAK: "Gas leak",
    Kind.FIRE: "Fire",
    Kind.HAZARDOUS_SUBSTANCE: "Hazardous substance",
    Kind.FLOOD: "Flood",
    Kind.STORM: "Storm",
    Kind.POWER_CUT: "Power cut",
    Kind.DRINKING_WATER: "Drinking water",
    Kind.MISSING_PERSON: "Missing person",
    Kind.BURGLARY: "Burglary",
    Kind.SCAM: "Fraud or a trick at the door",
    Kind.PUBLIC_ORDER: "Public order",
    Kind.ACCIDENT: "Accident",
    Kind.ROAD_WORKS: "Road works",
    Kind.ACTIVITY: "Activity",
    Kind.NEWSLETTER: "Newsletter",
    Kind.OTHER: "Other message",
}


def kind_in(language: str, kind: Kind) -> str:
    """What a kind of message is called."""
    return translate("broadcast", language, _NAMES[kind])


def kind_of(event: str, code: str) -> Kind:
    """The kind that somebody's words mean: our own code, else our own words in any language, else another message."""
    if code in set(Kind):
        return Kind(code)
    said = event.strip().casefold()
    known = ((kind_in(language, kind).casefold(), kind) for kind in Kind for language in LANGUAGES)
    return next((kind for name, kind in known if name == said), Kind.OTHER)
