"""The story, points 1 to 5: residents ask the municipality, the bot answers, an officer takes over and gives back."""

from datetime import datetime, timedelta

from babel.dates import format_date

from people.organisation import BRUSSELS
from samenspraak.demo.browser import Browser, Page
from samenspraak.demo.play import Play, labels, text_of, texts_of, topic_called
from samenspraak.demo.town import IN_TOWN_HALL, PASSWORD, POLICE
from storage.clock import now

_OFFICER = IN_TOWN_HALL[0]
_DISCLOSURE = "Ik ben de chatbot van Gemeente Lindebeke."
_OFFER = "Pour une traduction, envoyez : FRANÇAIS"
_WISH = "Ik wil graag met een medewerker spreken"
_MARK = "(Traduction"


async def paper(play: Play) -> None:
    """A question with typing errors on WhatsApp."""
    play.transcript.chapter(1, "A question in Dutch on WhatsApp, with typing errors")
    reply = text_of(await play.asks("Mia Janssens", "whatsapp", "wanner komt ze het papeir opaalen?"))
    today = now().astimezone(BRUSSELS).date()
    collected = format_date(play.answers.next_collection("paper", today), "EEEE d MMMM", locale="nl")
    play.check("the answer tells when paper is collected next", collected in reply and "papier" in reply, reply)
    play.check("Mia is told at first contact that a bot speaks", reply.startswith(_DISCLOSURE), reply)


async def french(play: Play) -> None:
    """French is understood; the municipality answers in Dutch until a translation is asked for."""
    play.transcript.chapter(2, "A question in French on Telegram")
    question, asker = "Bonjour, combien coûte une nouvelle carte d'identité ?", "Amélie Laurent"
    first = text_of(await play.asks(asker, "telegram", question))
    dutch, french_text = (play.answers.text("identity_card", language) for language in ("nl", "fr"))
    play.check("understood: the answer is the one on identity cards", dutch in first, first)
    play.check("by the language law the answer is in Dutch", french_text not in first, first)
    play.check("Amélie is told in French how to get a translation", _OFFER in first, first)
    await play.asks(asker, "telegram", "FRANÇAIS")
    second = text_of(await play.asks(asker, "telegram", "Et combien coûte une carte d'identité ?"))
    play.check("at her own request the answer is in French", french_text in second, second)
    play.check("and marked as a translation of the binding Dutch", _MARK in second, second)


async def gas(play: Play) -> None:
    """Danger: the number to call, before anything else."""
    play.transcript.chapter(3, "Somebody smells gas")
    before = await play.says("Jonas De Smet", "sms", "ik ruik gas in onze gang!! wat moet ik doen")
    reply = text_of(await play.hears("Jonas De Smet", "sms", before))
    play.check("the message begins with: Bel nu 112", reply.startswith("Bel nu 112"), reply)
    await play.silence()
    first = (await play.reached("Jonas De Smet", before))[0]
    play.check("nothing reached Jonas before it", text_of(first) == reply, text_of(first))
    notice = await play.far_end.until("accepted", after=before, person=_OFFICER.name)
    play.check("an officer is told at once, as urgent", "112" in text_of(notice), text_of(notice))


async def unclear(play: Play) -> None:
    """An unclear question: choices, then an answer; by buttons and by numbers."""
    play.transcript.chapter(4, "Unclear questions: buttons on Telegram, numbers by SMS")
    if not play.check("there are two messages that the engine finds unclear", len(play.unclear) > 1, play.unclear):
        return
    asked = await play.asks("Noor El Amrani", "telegram", play.unclear[0])
    offered = labels(asked)
    play.check("two suggestions and a way out", len(offered) == 3, offered)  # noqa: PLR2004
    play.check("on Telegram they are buttons", bool(asked.get("choices")), asked)
    pressed = await play.presses("Noor El Amrani", "telegram", asked, offered[0])
    _check_answer(play, offered[0], text_of(await play.hears("Noor El Amrani", "telegram", pressed)))
    asked = await play.asks("Tom Hendrickx", "sms", play.unclear[1])
    offered = labels(asked)
    play.check("by SMS they are numbers in the text", len(offered) == 3 and not asked.get("choices"), offered)  # noqa: PLR2004
    _check_answer(play, offered[0], text_of(await play.asks("Tom Hendrickx", "sms", "1")))


def _check_answer(play: Play, label: str, reply: str) -> None:
    topic = topic_called(play.answers, label)
    expected = "" if topic is None else play.answers.text(topic, "nl")
    play.check(f"the choice “{label}” is answered", bool(expected) and expected in reply, reply)


async def handover(play: Play) -> None:
    """Told over Telegram, an officer takes the conversation, answers and gives it back."""
    play.transcript.chapter(5, "A person is asked for")
    asker = "Noor El Amrani"
    before = await play.says(asker, "telegram", _WISH)
    promised = text_of(await play.hears(asker, "telegram", before))
    play.check(
        "in office hours Noor hears that a colleague is asked",
        promised == "Ik vraag een medewerker om u hier te antwoorden.",
        promised,
    )
    notice = text_of(await play.hears(_OFFICER.name, "telegram", before))
    play.check("the notice names no person and holds no text of hers", "Noor" not in notice and _WISH not in notice)
    async with Browser(play.console_url) as browser:
        await browser.log_in(_OFFICER.email, PASSWORD)
        await _at_the_desk(play, browser, asker, notice.split()[-1].removeprefix(play.console_url))
    await _out_of_hours(play)


async def _at_the_desk(play: Play, browser: Browser, asker: str, path: str) -> None:
    inbox = await browser.open("/")
    play.check("the inbox shows who waits", asker in inbox.text and path in inbox.links, inbox.text)
    before = await play.now()
    play.transcript.officer(_OFFICER.name, "takes over")
    page = await browser.submit(await browser.open(path), "/take-over")
    taken = text_of(await play.hears(asker, "telegram", before))
    play.check("Noor is told the name of who answers now", _OFFICER.name in taken, taken)
    await play.silence(times=2)  # the officer reads first: the answer counts from the officer's own words
    page = await _writes(play, browser, page, asker, "Dag Noor, alles ligt voor u klaar aan loket 3.")
    question = "Bedankt! Tot hoe laat is het loket open?"
    await play.says(asker, "telegram", question)
    await play.silence()
    page = await browser.open(path)
    play.check("what Noor asks then is before the officer's eyes", question in page.text, page.text)
    page = await _writes(play, browser, page, asker, "Vandaag tot 17 uur.")
    between = texts_of(await play.reached(asker, before))
    play.check("between take-over and giving back no bot message came", len(between) == 3, between)  # noqa: PLR2004
    play.transcript.officer(_OFFICER.name, "gives back")
    before = await play.now()
    await browser.submit(page, "/give-back")
    told = text_of(await play.hears(asker, "telegram", before))
    play.check("Noor is told that the bot answers again", "chatbot" in told, told)
    reply = text_of(await play.asks(asker, "telegram", "Hoe laat is het containerpark open?"))
    play.check("and it does", play.answers.text("recycling_park", "nl") in reply, reply)


async def _writes(play: Play, browser: Browser, page: Page, asker: str, words: str) -> Page:
    play.transcript.officer(_OFFICER.name, f"writes: {words}")
    before = await play.now()
    page = await browser.submit(page, "/reply", text=words)
    reply = text_of(await play.hears(asker, "telegram", before))
    play.check("the officer's words arrive as written", reply == words, reply)
    return page


async def _out_of_hours(play: Play) -> None:
    """The police zone's desk is closed now, whatever the hour: see `closed_until_later_this_week`."""
    reply = text_of(await play.asks("Emma Willems", "telegram", _WISH, account=POLICE.bot))
    weekday = format_date(_three_days_on(now()), "EEEE d MMMM", locale="nl")
    play.check("outside office hours Emma hears when a person answers", f"{weekday} 09:00" in reply, reply)


def _three_days_on(at: datetime) -> datetime:
    return (at + timedelta(days=3)).astimezone(BRUSSELS)
