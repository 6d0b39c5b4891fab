"""The story, point 6: a neighbourhood is warned, answers, hears that it is over; who sends STOP hears no more of it."""

import re
from dataclasses import dataclass

from samenspraak.demo.browser import Browser, Page
from samenspraak.demo.play import Play, labels, text_of, texts_of
from samenspraak.demo.scene import PAPER_MEMBER
from samenspraak.demo.town import AT_THE_POLICE, PASSWORD, POLICE, TEMPLATE, Seat
from simulator.log import Entry
from simulator.personas import Medium

NETWORK = "Molenveld"
_EDITOR, _APPROVER = AT_THE_POLICE[1], AT_THE_POLICE[2]
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
    async with Browser(play.console_url) as editor, Browser(play.console_url) as approver:
        await editor.log_in(_EDITOR.email, PASSWORD)
        await approver.log_in(_APPROVER.email, PASSWORD)
        await _recorded(play, approver)
        page, received = await _warn(play, editor, approver, "Inbraken in uw buurt", _BURGLARIES)
        _check_arrival(play, received)
        await _answer(play, approver, page, received)
        await _all_clear(play, approver, page, received)
        await _stop(play)
        await _warn_again(play, editor, approver)
    await _still_answered(play)


_BURGLARIES = (
    "Vannacht werd ingebroken in de Molenstraat. De daders vluchtten in een witte bestelwagen. "
    "Sluit ramen en deuren. Zag u iets verdachts? Antwoord op dit bericht."
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


async def _recorded(play: Play, browser: Browser) -> None:
    page = await browser.open("/networks")
    members = len(MEMBERS)
    row = re.search(rf"{NETWORK} {NETWORK.lower()} (\d+) (\d+)", page.text)
    counted = None if row is None else (int(row[1]), int(row[2]))
    play.check(f"the console counts {members} members, all of whom agreed", counted == (members, members), page.text)


async def _warn(
    play: Play, editor: Browser, approver: Browser, title: str, text: str
) -> tuple[Page, dict[str, list[Entry]]]:
    """Draft, submit, approve by somebody else; gives the approver's page and what reached each phone."""
    play.transcript.officer(_EDITOR.name, f"drafts: {title}")
    page = await editor.open("/alerts/new")
    network = page.form("/alerts/new").boxes[NETWORK]
    page = await editor.submit(page, "/alerts/new", title=title, severity="Severe", network=network, text_nl=text)
    play.transcript.officer(_EDITOR.name, "submits it")
    page = await editor.submit(page, "/submit")
    address = page.url.partition("?")[0]
    before = await play.now()
    await _cannot_approve(play, editor, _EDITOR, address)
    seen = await approver.open(f"{address}/approval")
    play.check("the second officer sees the very text that is sent", text in seen.text, seen.text)
    play.transcript.officer(_APPROVER.name, "approves it")
    page = await approver.submit(seen, "/approve")
    return page, await _received(play, before)


async def _cannot_approve(play: Play, browser: Browser, seat: Seat, address: str) -> None:
    refused = await browser.look(f"{address}/approval")
    play.check(f"{seat.name} cannot approve what they wrote", refused.status == 403, refused)  # noqa: PLR2004
    await play.silence()


async def _received(play: Play, before: int) -> dict[str, list[Entry]]:
    """What reached each member, once nothing follows any more."""
    for one in MEMBERS:
        try:
            await play.hears(one.name, one.medium, before)
        except TimeoutError:
            play.transcript.remark(f"nothing reached {one.name}")
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


async def _answer(play: Play, browser: Browser, page: Page, received: dict[str, list[Entry]]) -> None:
    """Two answers: one below the alert itself, one a new message."""
    quoted = received["Rachid Bouzid"][0]["provider_id"]
    before = await play.says("Rachid Bouzid", "telegram", _SEEN, account=POLICE.bot, quoted=quoted)
    thanks = text_of(await play.hears("Rachid Bouzid", "telegram", before))
    play.check("Rachid is thanked, and not asked what he means", "Dank u" in thanks and "112" in thanks, thanks)
    words = "Ik zag een witte bestelwagen aan de kapel"
    await play.asks("Lotte Goris", "sms", words, account=POLICE.sms)
    page = await browser.open(page.url.partition("?")[0])
    play.check("both answers stand under the alert", _SEEN in page.text and words in page.text, page.text)
    waiting = (await browser.open("/inbox/waiting")).text
    play.check("and are no questions that wait in the inbox", not {"Rachid", "Lotte"} & set(waiting.split()), waiting)


async def _all_clear(play: Play, browser: Browser, page: Page, received: dict[str, list[Entry]]) -> None:
    play.transcript.officer(_APPROVER.name, "gives the all-clear")
    page = await browser.open(page.url.partition("?")[0])
    before = await play.now()
    await browser.submit(
        page, "/follow-up/all_clear", text_nl="De daders zijn opgepakt. Bedankt voor uw oplettendheid."
    )
    cleared = await _received(play, before)
    same = {name: sorted(entry["address"] for entry in entries) for name, entries in received.items()}
    told = {name: sorted(entry["address"] for entry in entries) for name, entries in cleared.items()}
    play.check("the all-clear goes to the same people, at the same addresses, once", told == same, told)
    texts = [text for entries in cleared.values() for text in texts_of(entries)]
    play.check("it says that they were caught", all("opgepakt" in text for text in texts), texts)


async def _stop(play: Play) -> None:
    before = await play.says(_STOPPER, "telegram", "STOP", account=POLICE.bot)
    await play.hears(_STOPPER, "telegram", before)
    await play.silence()
    confirmed = texts_of(await play.reached(_STOPPER, before))
    play.check("STOP is confirmed once", len(confirmed) == 1 and "geen" in confirmed[0], confirmed)


async def _warn_again(play: Play, editor: Browser, approver: Browser) -> None:
    title, text = (
        "Babbeltruc aan de deur",
        "Een man doet zich voor als medewerker van de waterdienst. Laat hem niet binnen.",
    )
    _, received = await _warn(play, editor, approver, title, text)
    reached = {name: len(entries) for name, entries in received.items()}
    expected = {one.name: int(one.name != _STOPPER) for one in MEMBERS}
    play.check("a later alert reaches everybody but who sent STOP", reached == expected, reached)


async def _still_answered(play: Play) -> None:
    reply = text_of(
        await play.asks(_STOPPER, "telegram", "Wat zijn de openingsuren van het gemeentehuis?", account=POLICE.bot)
    )
    play.check("a question of theirs is still answered", play.answers.text("opening_hours", "nl") in reply, reply)
