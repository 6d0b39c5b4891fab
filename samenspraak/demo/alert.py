"""The story, point 6: a neighbourhood is warned, answers, hears that it is over; who sends STOP hears no more of it."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from samenspraak.demo.browser import Browser, Page
from samenspraak.demo.play import Play, labels, text_of, texts_of
from samenspraak.demo.scene import PAPER_MEMBER
from samenspraak.demo.town import AT_THE_POLICE, PASSWORD, POLICE, TEMPLATE, Seat
from simulator.log import Entry
from simulator.personas import Medium

NETWORK = "Molenveld"
_EDITOR, _APPROVER, _CHIEF = AT_THE_POLICE[1], AT_THE_POLICE[2], AT_THE_POLICE[4]
_SEEN = "ik heb iets gezien"
_STOPPER = "Jef Van den Broeck"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the network, and where they want its alerts."""

    name: str
    medium: Medium

    @property
    def account(self) -> str:
        """The account of the police zone to which they write."""
        return {"telegram": POLICE.bot, "sms": POLICE.sms, "whatsapp": f"whatsapp:{POLICE.whatsapp}"}[self.medium]


JOINERS = (
    Member("Rachid Bouzid", "telegram"),
    Member("Lotte Goris", "sms"),
    Member("Mia Janssens", "whatsapp"),
    Member("Jef Van den Broeck", "telegram"),
    Member("Ingrid Weber", "telegram"),
)
_ON_PAPER = Member(PAPER_MEMBER, "whatsapp")
MEMBERS = (*JOINERS, _ON_PAPER)


async def neighbourhood(play: Play) -> None:
    """A neighbourhood network is joined, warned, and told that it is over."""
    play.transcript.chapter(6, "A neighbourhood is warned, and answers")
    for one in JOINERS:
        await _join(play, one)
    async with _desk(play, _EDITOR) as sofie, _desk(play, _APPROVER) as dirk, _desk(play, _CHIEF) as hilde:
        await _recorded(play, dirk)
        page, received = await _warn(play, sofie, dirk, _BURGLARIES, MEMBERS)
        _check_arrival(play, received)
        await _answer(play, dirk, page, received)
        await _all_clear(play, dirk, page, received)
        await _stop(play)
        await _warn_again(play, dirk, hilde)
    await _still_answered(play)


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at the console."""

    seat: Seat
    browser: Browser


@asynccontextmanager
async def _desk(play: Play, seat: Seat) -> AsyncIterator[Desk]:
    async with Browser(play.console_url) as browser:
        await browser.log_in(seat.email, PASSWORD)
        yield Desk(seat, browser)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer writes."""

    title: str
    severity: str
    text: str


_BURGLARIES = Draft(
    "Inbraken in uw buurt",
    "Severe",
    "Vannacht werd ingebroken in de Molenstraat. De daders vluchtten in een witte bestelwagen. "
    "Sluit ramen en deuren. Zag u iets verdachts? Antwoord op dit bericht.",
)
_TRICK = Draft(
    "Babbeltruc aan de deur",
    "Moderate",
    "Een man doet zich voor als medewerker van de waterdienst. Laat hem niet binnen.",
)


async def _join(play: Play, one: Member) -> None:
    wish = f"Schrijf mij in voor de buurtmeldingen van {NETWORK}"
    asked = await play.asks(one.name, one.medium, wish, account=one.account)
    play.check(f"{one.name} reads what they agree to", NETWORK in text_of(asked) and "STOP" in text_of(asked), asked)
    if asked.get("choices"):
        before = await play.presses(one.name, one.medium, asked, labels(asked)[0])
    else:
        before = await play.says(one.name, one.medium, "ja", account=one.account)
    done = text_of(await play.hears(one.name, one.medium, before))
    play.check(f"{one.name} is a member", NETWORK in done and "STOP" in done, done)


async def _recorded(play: Play, desk: Desk) -> None:
    page = await desk.browser.open("/networks")
    members = len(MEMBERS)
    row = re.search(rf"{NETWORK} {NETWORK.lower()} (\d+) (\d+)", page.text)
    counted = None if row is None else (int(row[1]), int(row[2]))
    play.check(f"the console counts {members} members, all of whom agreed", counted == (members, members), page.text)


async def _warn(
    play: Play, author: Desk, approver: Desk, draft: Draft, expected: Sequence[Member]
) -> tuple[Page, dict[str, list[Entry]]]:
    """Draft, submit, approve by somebody else; gives the approver's page and what reached each phone."""
    play.transcript.officer(author.seat.name, f"drafts: {draft.title}")
    page = await author.browser.open("/alerts/new")
    network = page.form("/alerts/new").boxes[NETWORK]
    page = await author.browser.submit(
        page, "/alerts/new", title=draft.title, severity=draft.severity, network=network, text_nl=draft.text
    )
    play.transcript.officer(author.seat.name, "submits it")
    page = await author.browser.submit(page, "/submit")
    approval = f"{page.url.partition('?')[0]}/approval"
    before = await play.now()
    own = await author.browser.look(approval)
    play.check(f"{author.seat.name} cannot approve it", not own.has_form("/approve"), own)
    page = await approver.browser.open(approval)
    play.check(f"{approver.seat.name} sees the very text that is sent", draft.text in page.text, page.text)
    await play.silence()
    early = [entry for one in MEMBERS for entry in await play.reached(one.name, before)]
    play.check("nothing leaves before the approval", not early, early)
    play.transcript.officer(approver.seat.name, "approves it")
    page = await approver.browser.submit(page, "/approve")
    return page, await _received(play, before, expected)


async def _received(play: Play, before: int, expected: Sequence[Member]) -> dict[str, list[Entry]]:
    """What reached each member, once those who should hear it did and nothing follows any more."""
    for one in expected:
        await play.hears(one.name, one.medium, before)
    await play.silence()
    return {one.name: await play.reached(one.name, before) for one in MEMBERS}


def _check_arrival(play: Play, received: dict[str, list[Entry]]) -> None:
    arrived = {name: len(entries) for name, entries in received.items()}
    play.check("the alert reaches every member exactly once", set(arrived.values()) == {1}, arrived)
    first = [entries[0] for entries in received.values() if entries]
    channels = {entry["channel"] for entry in first}
    play.check("on three channels", channels == {"telegram", "whatsapp", "sms"}, channels)
    play.check("with the text that was approved", all("witte bestelwagen" in text_of(one) for one in first), first)
    late = received[PAPER_MEMBER][:1]
    play.check(
        f"{PAPER_MEMBER}, outside WhatsApp's 24 hours, gets the approved template",
        [entry.get("template") for entry in late] == [TEMPLATE],
        late,
    )
    free = [name for name, entries in received.items() if any("template" in entry for entry in entries)]
    play.check("nobody else does", free == [PAPER_MEMBER], free)


async def _answer(play: Play, desk: Desk, page: Page, received: dict[str, list[Entry]]) -> None:
    """Two answers: one below the alert itself, one a new message."""
    quoted = received["Rachid Bouzid"][0]["provider_id"]
    before = await play.says("Rachid Bouzid", "telegram", _SEEN, account=POLICE.bot, quoted=quoted)
    thanks = text_of(await play.hears("Rachid Bouzid", "telegram", before))
    play.check("Rachid is thanked, and not asked what he means", "Dank u" in thanks and "112" in thanks, thanks)
    words = "Ik zag een witte bestelwagen aan de kapel"
    await play.asks("Lotte Goris", "sms", words, account=POLICE.sms)
    page = await desk.browser.open(page.url.partition("?")[0])
    play.check("both answers stand under the alert", _SEEN in page.text and words in page.text, page.text)
    waiting = (await desk.browser.open("/inbox/waiting")).text
    play.check("and are no questions that wait in the inbox", not {"Rachid", "Lotte"} & set(waiting.split()), waiting)


async def _all_clear(play: Play, desk: Desk, page: Page, received: dict[str, list[Entry]]) -> None:
    play.transcript.officer(desk.seat.name, "gives the all-clear")
    page = await desk.browser.open(page.url.partition("?")[0])
    before = await play.now()
    await desk.browser.submit(
        page, "/follow-up/all_clear", text_nl="De daders zijn opgepakt. Bedankt voor uw oplettendheid."
    )
    cleared = await _received(play, before, MEMBERS)
    same = {name: sorted(entry["address"] for entry in entries) for name, entries in received.items()}
    told = {name: sorted(entry["address"] for entry in entries) for name, entries in cleared.items()}
    once = {len(entries) for entries in cleared.values()} == {1}
    play.check("the all-clear goes to the same people, at the same addresses, once", once and told == same, told)
    texts = [text for entries in cleared.values() for text in texts_of(entries)]
    play.check("it says that they were caught", all("opgepakt" in text for text in texts), texts)


async def _stop(play: Play) -> None:
    before = await play.says(_STOPPER, "telegram", "STOP", account=POLICE.bot)
    await play.hears(_STOPPER, "telegram", before)
    await play.silence()
    confirmed = texts_of(await play.reached(_STOPPER, before))
    play.check("STOP is confirmed once", len(confirmed) == 1 and "geen" in confirmed[0], confirmed)


async def _warn_again(play: Play, author: Desk, approver: Desk) -> None:
    others = [one for one in MEMBERS if one.name != _STOPPER]
    _, received = await _warn(play, author, approver, _TRICK, others)
    reached = {name: len(entries) for name, entries in received.items()}
    play.check(
        f"a later alert reaches everybody once, and {_STOPPER} not at all",
        reached == {one.name: int(one.name != _STOPPER) for one in MEMBERS},
        reached,
    )


async def _still_answered(play: Play) -> None:
    reply = text_of(
        await play.asks(_STOPPER, "telegram", "Wat zijn de openingsuren van het gemeentehuis?", account=POLICE.bot)
    )
    play.check("a question of theirs is still answered", play.answers.text("opening_hours", "nl") in reply, reply)
