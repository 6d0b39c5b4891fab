"""The background process: answers what came in, sends what is queued, tells officers, polls, runs broadcasts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager

from bots import claims, dialogue, officer_link
from bots.inbound import Inbound
from bots.notify import Notifier
from broadcast.dispatch import Dispatcher
from broadcast.members.importing import Imports
from broadcast.notices import Notices
from broadcast.schedule import Schedule
from messaging.channel import SendError
from messaging.inbox import Inbox
from messaging.loop import work_forever
from messaging.officer_line import Mail, OfficerLine
from messaging.polling import Polling
from messaging.sender import Sender
from messaging.telegram.channel import TelegramChannel
from participation.rollup import Rollups
from samenspraak import alert_replies
from samenspraak.alone import alone
from samenspraak.application import Application, load_answers, load_interpreter
from samenspraak.janitor import BEAT_SECONDS, Janitor

_log = logging.getLogger(__name__)
_REGISTER_AGAIN_SECONDS = 10
CLAIMANTS = (
    officer_link.claim,
    alert_replies.acknowledge,
    claims.safety,
    claims.confirmed_by_provider,
    claims.stop,
    claims.officer,
    claims.kinds_chosen,
    alert_replies.claim,
    claims.unreadable,
    dialogue.answer,
)


@asynccontextmanager
async def working(app: Application, console_url: str) -> AsyncIterator[None]:
    """Run all loops while the block lasts; at its end nothing new leaves, and what is leaving is written down.

    Raises ConfigurationError when a worker of this name runs already.
    """
    with alone(app.settings.data, app.settings.worker):
        async with _loops(app, console_url):
            yield


@asynccontextmanager
async def _loops(app: Application, console_url: str) -> AsyncIterator[None]:
    inbound = await _inbound(app)
    inbox = Inbox(app.database, app.vault, app.channels, inbound.handle, app.settings.worker)
    notifier = _notifier(app, console_url)
    pollers = _pollers(app)
    await app.outbox.recover()
    await inbox.recover()
    settings = app.settings
    dispatcher = Dispatcher(app.database, app.vault, app.channels, app.outbox, settings.database_url, settings.worker)
    janitor = Janitor(app.database, dispatcher, settings.worker)
    await janitor.beat()
    loops = [
        work_forever("answering", inbox.work, app.intake.stored),
        work_forever("sending", app.outbox.work, app.outbox.wake),
        work_forever("sending what was scheduled", Schedule(app.database, app.vault).work, asyncio.Event()),
        work_forever("telling officers", notifier.work, asyncio.Event()),
        work_forever("telling officers of alerts", _notices(app, console_url).work, asyncio.Event()),
        work_forever("counting", Rollups(app.database).work, asyncio.Event(), sweep_seconds=2),
        work_forever("looking after workers", janitor.work, asyncio.Event(), sweep_seconds=BEAT_SECONDS),
        work_forever("importing members", Imports(app.database, app.vault).work, asyncio.Event(), sweep_seconds=2),
        *(poller.run() for poller in pollers),
        *_registrations(app),
    ]
    await dispatcher.start()
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        await dispatcher.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await app.outbox.finish()
        for poller in pollers:
            await poller.give_up()
        await janitor.leave()


async def _inbound(app: Application) -> Inbound:
    answers = load_answers(app.settings)
    return Inbound(
        database=app.database,
        vault=app.vault,
        interpreter=await load_interpreter(app.settings, app.rasa),
        answers={one.id: answers for one in app.organisations},
        claimants=CLAIMANTS,
        queued=app.outbox.wake.set,
    )


def _notifier(app: Application, console_url: str) -> Notifier:
    return Notifier(app.database, app.vault, app.channels, bots=_bots(app), mail=_mail(app), console_url=console_url)


def _notices(app: Application, console_url: str) -> Notices:
    return Notices(app.database, OfficerLine(app.vault, app.channels, _bots(app), _mail(app)), console_url)


def _bots(app: Application) -> dict[int, int]:
    """The first bot of each organisation, through which its officers are told."""
    return {sender.organisation_id: sender.id for sender, _ in reversed(app.channels.telegram())}


def _mail(app: Application) -> Mail | None:
    mail = app.settings.mail
    return None if mail is None else Mail(mail.host, mail.port, mail.sender, mail.user, mail.password)


def _pollers(app: Application) -> list[Polling]:
    """Without a public address Telegram is polled."""
    if app.settings.public_url is not None:
        return []
    worker = app.settings.worker
    return [Polling(app.database, app.intake, sender, channel, worker) for sender, channel in app.channels.telegram()]


def _registrations(app: Application) -> Iterator[Coroutine[None, None, None]]:
    """With a public address each bot is given our webhook."""
    for sender, channel in app.channels.telegram() if app.settings.public_url else ():
        yield _register(channel, f"{app.settings.public_url}/webhooks/{sender.channel}/{sender.slug}", sender)


async def _register(channel: TelegramChannel, url: str, sender: Sender) -> None:
    """Tell Telegram where our webhook is, until it takes that; the rest of the worker does not wait for it."""
    while True:
        try:
            await channel.set_webhook(url, sender.credentials.secret)
        except SendError as error:
            _log.error("Sender %s: Telegram did not take where to reach us: %s", sender.slug, error)
            await asyncio.sleep(_REGISTER_AGAIN_SECONDS)
        else:
            return
