"""The story, point 6, once the alert is there: who is safe, what is new, that it is over, and what became of it."""

import asyncio
from collections import Counter
from typing import Any

from broadcast.event import EventKind
from samenspraak.demo.measured import separately
from samenspraak.demo.network import MEMBERS, MOVED_ON, Desk, Received, addresses, desk, everything, received
from samenspraak.demo.play import PATIENCE, Play, labels, text_of
from samenspraak.demo.town import AT_THE_POLICE, POLICE

_OFFICER = AT_THE_POLICE[0]
_SAFE, _HELP = "Ik ben veilig", "Ik heb hulp nodig"
_COUNTED_WITHIN = 15
"""Seconds within which the last status is counted in the report."""
_UPDATE = "De witte bestelwagen werd gezien bij het station. Blijf binnen en bel 101 als u hem ziet."
_ALL_CLEAR = "De daders zijn opgepakt. Bedankt voor uw oplettendheid."
_FEEDBACK = "Dankzij uw tip bij de kapel werden de twee inbrekers gevonden. Alle gestolen spullen zijn terug."


async def followed(play: Play, sender: Desk, path: str, arrived: Received) -> None:
    """Everything that follows, by the officer who sent the alert."""
    await _acknowledge(play, sender, path, arrived)
    before = await play.now()
    told = await _tell(play, sender, path, EventKind.UPDATE, _UPDATE)
    _same(play, "the update", arrived, told)
    old = arrived["Rachid Bouzid"][0]["provider_id"]
    marked = await play.far_end.until("edited", after=before, wait=PATIENCE, provider_id=old)
    replaced = text_of(marked).startswith("VERVANGEN") and not labels(marked)
    play.check("on Telegram the alert itself is marked as replaced, and cannot be answered any more", replaced, marked)
    later = [entry["channel"] for entry in told[MOVED_ON.name]]
    play.check(f"{MOVED_ON.name} gets it by SMS at once, where the alert had reached him", later == ["sms"], later)
    told = await _tell(play, sender, path, EventKind.ALL_CLEAR, _ALL_CLEAR)
    _same(play, "the all-clear", arrived, told)
    play.check("it says that they were caught", all("opgepakt" in text_of(one) for one in everything(told)), told)
    await _feed_back(play, sender, path, arrived)


async def _acknowledge(play: Play, sender: Desk, path: str, arrived: Received) -> None:
    """One is safe, by a button; one needs help, by the number below an SMS."""
    asked = arrived["Rachid Bouzid"][0]
    play.check("everybody is asked whether they are safe", labels(asked) == [_SAFE, _HELP], asked)
    before = await play.presses("Rachid Bouzid", "telegram", asked, _SAFE)
    thanks = text_of(await play.hears("Rachid Bouzid", "telegram", before))
    play.check("Rachid, who is safe, is thanked", "veilig" in thanks, thanks)
    before = await play.says("Lotte Goris", "sms", _HELP, account=POLICE.sms)
    reply = text_of(await play.hears("Lotte Goris", "sms", before))
    play.check("Lotte, who needs help, is told first: Bel nu 112", reply.startswith("Bel nu 112"), reply)
    notice = text_of(await play.hears(_OFFICER.name, "telegram", before))
    play.check("an officer is told at once, and not by whom", "112" in notice and "Lotte" not in notice, notice)
    page = await sender.browser.open(path)
    shown = "Heeft hulp nodig 1" in page.text and "Veilig 1" in page.text
    play.check("the alert counts one who is safe and one who needs help", shown, page.text)
    async with desk(play, _OFFICER) as bram:
        await _help(play, bram, notice.split()[-1].removeprefix(play.console_url))


async def _help(play: Play, officer: Desk, path: str) -> None:
    waiting = await officer.browser.open("/inbox/waiting")
    first = next((link for link in waiting.links if link.startswith("/conversations/")), None)
    urgent = first == path and "Dringend" in waiting.text
    play.check("in the inbox Lotte waits before everybody else, marked as urgent", urgent, waiting.text)
    play.transcript.officer(officer.seat.name, "takes over")
    before = await play.now()
    page = await officer.browser.submit(await officer.browser.open(path), "/take-over")
    await play.hears("Lotte Goris", "sms", before)
    words = "Dag Lotte, een ploeg is onderweg. Blijf binnen tot zij aanbelt."
    play.transcript.officer(officer.seat.name, f"writes: {words}")
    before = await play.now()
    page = await officer.browser.submit(page, "/reply", text=words)
    reply = text_of(await play.hears("Lotte Goris", "sms", before))
    play.check("and hears from a person that help is on its way", reply == words, reply)
    before = await play.now()
    await officer.browser.submit(page, "/give-back")
    await play.hears("Lotte Goris", "sms", before)


async def _tell(play: Play, sender: Desk, path: str, kind: EventKind, text: str) -> Received:
    play.transcript.officer(sender.seat.name, f"sends: {text}")
    page = await sender.browser.open(path)
    before = await play.now()
    await sender.browser.submit(page, f"/follow-up/{kind}", text_nl=text)
    return await received(play, before, MEMBERS)


def _same(play: Play, what: str, arrived: Received, told: Received) -> None:
    once = {len(entries) for entries in told.values()} == {1}
    same = once and addresses(told) == addresses(arrived)
    play.check(f"{what} goes to the same people, at the same addresses, once", same, addresses(told))


async def _feed_back(play: Play, sender: Desk, path: str, arrived: Received) -> None:
    """Until the network knows how it ended, the alert stays open."""
    page = await sender.browser.open("/")
    play.check("without feedback the alert stays open on the first page", path in page.links, page.text)
    told = await _tell(play, sender, path, EventKind.FEEDBACK, _FEEDBACK)
    _same(play, "the feedback", arrived, told)
    page = await sender.browser.open("/")
    play.check("then it does not", path not in page.links, page.text)
    page = await sender.browser.submit(await sender.browser.open(path), "/close")
    play.check("and the alert can be closed", not page.has_form("/close"), page)


async def counted(play: Play, officer: Desk) -> None:
    """What the reports of the alerts say equals what a separate program counts from the providers' log."""
    named = [part for account in POLICE.in_log for part in ("--account", account)]
    wanted = await separately("count_alerts", str(play.log_file), *named)
    for _ in range(_COUNTED_WITHIN):
        found = await _reported(officer)
        if found == wanted:
            break
        await asyncio.sleep(1)
    for name, number in wanted.items():
        play.check(f"{name}: {number} by both counts", found.get(name) == number, found)
    play.check("the reports hold nothing else", found.keys() == wanted.keys(), found)


async def _reported(officer: Desk) -> dict[str, int]:
    """The reports of all alerts, added up under the names that the separate count uses; what is nil is left out."""
    found = Counter[str]()
    for alert in await officer.browser.json("/api/v1/alerts"):
        report: dict[str, Any] = await officer.browser.json(f"/api/v1/alerts/{alert['id']}/report")
        found.update({f"answer {name}": number for name, number in report["answers"].items()})
        for event in report["events"]:
            found[f"reached by {event['kind']}"] += event["reached"]
            found.update({f"sent another way: {name}": number for name, number in event["told_otherwise"].items()})
    return dict(+found)
