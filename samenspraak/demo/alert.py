"""The story, point 6: a neighbourhood is warned, answers, hears that it is over; who sends STOP hears no more of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from samenspraak.demo import after_alert
from samenspraak.demo.browser import Page
from samenspraak.demo.network import JOINERS, MEMBERS, MOVED_ON, NETWORK, Desk, Member, Received, desk, received
from samenspraak.demo.play import Play, labels, text_of, texts_of
from samenspraak.demo.scene import PAPER_MEMBER, resident
from samenspraak.demo.town import AT_THE_POLICE, POLICE, TEMPLATE

_EDITOR, _APPROVER, _CHIEF = AT_THE_POLICE[1], AT_THE_POLICE[2], AT_THE_POLICE[4]
_SEEN = "ik heb iets gezien"
_STOPPER = "Jef Van den Broeck"
_NOT_DELIVERED = 63010  # WhatsApp's own trouble: nothing is wrong with the number


async def neighbourhood(play: Play) -> None:
    """A neighbourhood network is joined, warned, and told how it goes on, that it is over, and what became of it."""
    play.transcript.chapter(6, "A neighbourhood is warned, answers, and hears how it ends")
    for one in JOINERS:
        await _join(play, one)
    async with desk(play, _EDITOR) as sofie, desk(play, _APPROVER) as dirk, desk(play, _CHIEF) as hilde:
        await _recorded(play, dirk)
        number = f"whatsapp:{resident(MOVED_ON.name).phone}"
        await play.far_end.fate(number, "undelivered", _NOT_DELIVERED)
        page, arrived = await _warn(play, sofie, dirk, _BURGLARIES, MEMBERS)
        _check_arrival(play, arrived)
        await _answer(play, dirk, page, arrived)
        await after_alert.followed(play, dirk, page.url.partition("?")[0], arrived)
        await play.far_end.fate(number, None)
        await _stop(play)
        await _warn_again(play, dirk, hilde)
        await after_alert.counted(play, dirk)
    await _still_answered(play)


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


async def _recorded(play: Play, officer: Desk) -> None:
    page = await officer.browser.open("/networks")
    members = len(MEMBERS)
    row = re.search(rf"{NETWORK} {NETWORK.lower()} (\d+) (\d+)", page.text)
    counted = None if row is None else (int(row[1]), int(row[2]))
    play.check(f"the console counts {members} members, all of whom agreed", counted == (members, members), page.text)


async def _warn(
    play: Play, author: Desk, approver: Desk, draft: Draft, expected: Sequence[Member]
) -> tuple[Page, Received]:
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
    return page, await received(play, before, expected)


def _check_arrival(play: Play, arrived: Received) -> None:
    counted = {name: len(entries) for name, entries in arrived.items()}
    play.check("the alert reaches every member exactly once", set(counted.values()) == {1}, counted)
    first = [entries[0] for entries in arrived.values() if entries]
    channels = {entry["channel"] for entry in first}
    play.check("on three channels", channels == {"telegram", "whatsapp", "sms"}, channels)
    play.check("with the text that was approved", all("witte bestelwagen" in text_of(one) for one in first), first)
    late = arrived[PAPER_MEMBER][:1]
    play.check(
        f"{PAPER_MEMBER}, outside WhatsApp's 24 hours, gets the approved template",
        [entry.get("template") for entry in late] == [TEMPLATE],
        late,
    )
    free = [name for name, entries in arrived.items() if any("template" in entry for entry in entries)]
    play.check("nobody else does", free == [PAPER_MEMBER], free)
    told_by = [entry["channel"] for entry in arrived[MOVED_ON.name]]
    play.check(f"{MOVED_ON.name}, to whom WhatsApp did not deliver it, gets it by SMS", told_by == ["sms"], told_by)


async def _answer(play: Play, officer: Desk, page: Page, arrived: Received) -> None:
    """Two answers: one below the alert itself, one a new message."""
    quoted = arrived["Rachid Bouzid"][0]["provider_id"]
    before = await play.says("Rachid Bouzid", "telegram", _SEEN, account=POLICE.bot, quoted=quoted)
    thanks = text_of(await play.hears("Rachid Bouzid", "telegram", before))
    play.check("Rachid is thanked, and not asked what he means", "Dank u" in thanks and "112" in thanks, thanks)
    words = "Ik zag een witte bestelwagen aan de kapel"
    await play.asks("Lotte Goris", "sms", words, account=POLICE.sms)
    page = await officer.browser.open(page.url.partition("?")[0])
    play.check("both answers stand under the alert", _SEEN in page.text and words in page.text, page.text)
    waiting = (await officer.browser.open("/inbox/waiting")).text
    play.check("and are no questions that wait in the inbox", not {"Rachid", "Lotte"} & set(waiting.split()), waiting)


async def _stop(play: Play) -> None:
    before = await play.says(_STOPPER, "telegram", "STOP", account=POLICE.bot)
    await play.hears(_STOPPER, "telegram", before)
    await play.silence()
    confirmed = texts_of(await play.reached(_STOPPER, before))
    play.check("STOP is confirmed once", len(confirmed) == 1 and "geen" in confirmed[0], confirmed)


async def _warn_again(play: Play, author: Desk, approver: Desk) -> None:
    others = [replace(one, told_by=None) for one in MEMBERS if one.name != _STOPPER]
    _, arrived = await _warn(play, author, approver, _TRICK, others)
    reached = {name: len(entries) for name, entries in arrived.items()}
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
