"""The words in which four languages, their dialects and hasty fingers tell a day. All folded: small, no accents."""

import re
from collections.abc import Iterable
from typing import Final

_PARTS: Final = "(?:s?(?:avond|ochtend|morgen|voormiddag|namiddag|middag|nacht|vormittag|nachmittag|mittag|abend))?"

DAYS: Final = {
    word: days
    for days, words in {
        -2: "eergisteren eergister eergistere avant-hier avant_hier avanthier vorgestern day_before_yesterday "
        "the_day_before_yesterday",
        -1: "gisteren gister gistere gisteravond gisterenavond gisternacht gistermorgen gistermiddag hier hier_soir "
        "gestern gestern_abend gestern_morgen yesterday last_night",
        0: "vandaag vandg vandoag vandage vanavond vanaaved vanoavond vanmorgen vanochtend vanmiddag vannamiddag "
        "vanvoormiddag vannacht deze_morgen deze_ochtend deze_middag deze_namiddag deze_voormiddag deze_avond "
        "aujourd'hui aujourdhui ajd ce_soir ce_matin ce_midi cet_apres-midi cette_apres-midi cet_aprem cette_nuit "
        "heute heute_abend heute_morgen heute_nacht today tonight this_morning this_afternoon this_evening",
        1: "morgen morgenvroeg morgenochtend morgenavond morgenmiddag morgennamiddag morgenvoormiddag morgenvroe "
        "mrgn merge mergen morge demain 2main tomorrow tomorow tommorow tommorrow tmrw 2morrow",
        2: "overmorgen overmorge overmerge overmergen apres-demain apres_demain ubermorgen uebermorgen "
        "day_after_tomorrow the_day_after_tomorrow",
    }.items()
    for name in words.split()
    for word in [name.replace("_", " ")]
}
"""Days from today."""

ONLY_IN: Final = {"hier": "fr", "hier soir": "fr", "merge": "nl", "mergen": "nl", "morge": "nl", "gister": "nl"}
"""Words that mean something else in the other languages: "hier" is here in Dutch and German."""

NO_DAY: Final = re.compile(
    r"(?:\b(?:goede|goeie|goei|goejen|guten|gute|guter|jeden|jede|elke|iedere|am|eines|der|de|den|'s|vroege)\s+morgens?\b)"
    r"|^\W*morgen(?=\s*[,!]|\s+(?:allemaal|samen|zusammen|mevrouw|meneer)\b)(?=.*\w{3,}.*\w{3})"
    r"|(?<!\bop )(?<!\ble )(?<!\bam )(?<!\bon )\b(?:24/7|7/7)\b",
    re.DOTALL,
)
"""Greetings, every morning, round the clock."""

WEEKDAYS: Final = {
    name: number
    for number, names in enumerate((
        "maandag moandag maondag lundi montag monday",
        "dinsdag dijnsdag disdag diesdag mardi dienstag tuesday",
        "woensdag wensdag woesdag goensdag mercredi mittwoch wednesday",
        "donderdag dunderdag dondag jeudi donnerstag thursday",
        "vrijdag vraaidag vridag vrijdeg vendredi freitag friday",
        "zaterdag zoaterdag zotterdag zaaterdag samedi samstag sonnabend saturday",
        "zondag zundag zondeg dimanche sonntag sunday",
    ))
    for name in names.split()
}  # fmt: skip

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari janvier januar january jan",
            "februari fevrier februar february feb",
            "maart mars marz maerz march mrt",
            "april avril apr",
            "mei mai may",
            "juni juin june jun",
            "juli juillet july jul",
            "augustus aout august aug",
            "september septembre sept sep",
            "oktober octobre october okt oct",
            "november novembre nov",
            "december decembre dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}

ENGLISH_MONTH: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)

NO_MAY: Final = r"(?!may\s+\d{1,2}\s+(?!at\b|or\b|to\b|and\b|until\b|for\b|if\b|please\b|\d)[a-z])"
"""May 5 people …: a question, no day."""

NEXT: Final = (
    "volgende|komende|aankomende|aanstaande|prochaine?|nachste[nrs]?|naechste[nrs]?|kommende[nrs]?|next|coming"
)
LAST: Final = (
    "vorige[n]?|verleden|afgelopen|dernier|derniere|passee?|letzte[nrs]?|vergangene[nrs]?|last|"
    "sinds|sedert|depuis|seit|since"
)
THIS: Final = "deze|dit|cet?|cette|diese[nrsm]?|this"
EVERY: Final = "elke|elken|iedere|ieder|een|nen|'nen|chaque|tous les|le|les|du|un|jeden|jede|einem|ein|every|each|a"
"""Before a weekday: it is none in particular."""

WEEK: Final = "week|weken|semaine|woche"
WEEKEND: Final = "weekend|week-end|weekeinde|wochenende"
A_WEEK_LATER: Final = "over een week|over acht dagen|en huit|in einer woche|in a week"
FROM_NOW: Final = "over|binnen|dans|in|within"
AGO: Final = "geleden|ago|terug|zuvor"
AGO_BEFORE: Final = "il y a|vor"

UNITS: Final = "dagen|dag|jours?|tage?n?|days?|weken|week|semaines?|wochen?|weeks?|maanden|maand|mois|monate?n?|months?"

UNTIL: Final = "tot en met|tot|t/m|bis zum|bis|jusqu'au|au|et|and|und|en|of|ou|oder|or|to|till|until|-|–|&"
"""Between two days of one month."""

AT: Final = "op|tegen|voor|vanaf|sinds|le|du|au|avant|depuis|am|den|vom|zum|bis|ab|on|by|before|from|until|de|of"
"""Before a day that is written like a time or a house number."""

COUNTED: Final = (
    "verdiep|verdieping|keer|maal|kind|leerjaar|graad|klas|week|weken|maand|editie|persoon|plaats|rij|deel|fase|floor|"
    "time|child|row|grade|attempt|one|option|stock|etage|mal|tag|kind|klasse|woche|person|anlauf|reihe|semester|"
    "pieces?|fois|enfant|annee"
)
"""After "the 3rd": it is no day."""

MEASURED: Final = (
    "uur|uren|u|h|heures?|uhr|hours?|am|pm|jaar|jahre?|ans|years?|euros?|eur|kg|liter|km|cm|m|weken|weeks|semaines|"
    "wochen|dagen|jours|tagen?|days|personen|personnes|people|min|minuten|minutes"
)
"""After two numbers: they are no day."""

WEEKDAY: Final = f"(?:{'|'.join(WEEKDAYS)}){_PARTS}"

MENDABLE: Final = tuple(
    word
    for words in (
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag mercredi vendredi samedi dimanche",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "monday tuesday wednesday thursday friday saturday sunday",
        "januari februari augustus september oktober november december janvier fevrier juillet septembre octobre",
        "novembre decembre februar dezember january february october",
        "overmorgen eergisteren aujourd'hui ubermorgen vorgestern tomorrow yesterday",
    )
    for word in words.split()
)
"""Words long enough to be known with one letter wrong."""


def any_of(names: Iterable[str]) -> str:
    """A pattern for one of these words, the longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def weekday(written: str) -> int:
    """0 for Monday, of what `WEEKDAY` matched."""
    return next(number for name, number in WEEKDAYS.items() if written.startswith(name))
