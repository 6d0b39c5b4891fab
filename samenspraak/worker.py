"""The background process: answers what came in, sends what is queued, tells officers, polls, runs broadcasts."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from bots import claims, dialogue
from bots.inbound import Inbound
from bots.notify import Mail, Notifier
from broadcast.dispatch import Dispatcher
from messaging.channel import SendError
from messaging.inbox import Inbox
from messaging.incoming import ChannelKind
from messaging.loop import work_forever
from messaging.polling import Polling
from participation.rollup import Rollups
from samenspraak import alert_replies
from samenspraak.application import Application, load_answers, load_interpreter

_log = logging.getLogger(__name__)
CLAIMANTS = (
    claims.safety,
    claims.confirmed_by_provider,
    claims.stop,
    claims.officer,
    alert_replies.claim,
    claims.unreadable,
    dialogue.answer,
)


@asynccontextmanager
async def working(app: Application, console_url: str) -> AsyncIterator[None]:
    """Run all loops while the block lasts; at its end nothing new leaves, and what is leaving is written down."""
    inbound = await _inbound(app)
    inbox = Inbox(app.database, app.vault, lambda one: app.channels.sender(one).channel, inbound.handle)
    notifier = _notifier(app, console_url)
    pollers = await _pollers(app)
    loops = [
        work_forever("answering", inbox.work, app.intake.stored),
        work_forever("sending", app.outbox.work, app.outbox.wake),
        work_forever("telling officers", notifier.work, asyncio.Event()),
        work_forever("counting", Rollups(app.database).work, asyncio.Event(), sweep_seconds=2),
        work_forever("taking from the spool", lambda: drain(app), asyncio.Event(), sweep_seconds=5),
        *(poller.run() for poller in pollers),
    ]
    settings = app.settings
    dispatcher = Dispatcher(app.database, app.vault, app.channels, app.outbox, settings.database_url, settings.worker)
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


async def _inbound(app: Application) -> Inbound:
    answers = load_answers(app.settings)
    return Inbound(
        database=app.database,
        vault=app.vault,
        interpreter=await load_interpreter(app.settings),
        answers={one.id: answers for one in app.organisations},
        claimants=CLAIMANTS,
        queued=app.outbox.wake.set,
    )


def _notifier(app: Application, console_url: str) -> Notifier:
    mail = app.settings.mail
    return Notifier(
        app.database,
        app.vault,
        app.channels,
        bots={sender.organisation_id: sender.id for sender, _ in app.channels.telegram()},
        mail=None if mail is None else Mail(mail.host, mail.port, mail.sender, mail.user, mail.password),
        console_url=console_url,
    )


async def _pollers(app: Application) -> list[Polling]:
    """Without a public address Telegram is polled; with one it is given our webhook."""
    if app.settings.public_url is None:
        for sender, channel in app.channels.telegram():
            await _tell_telegram(sender.slug, channel.delete_webhook())
        return [Polling(app.database, app.intake, sender, channel) for sender, channel in app.channels.telegram()]
    for sender, channel in app.channels.telegram():
        url = f"{app.settings.public_url}/webhooks/{ChannelKind.TELEGRAM}/{sender.slug}"
        await _tell_telegram(sender.slug, channel.set_webhook(url, sender.credentials.secret))
    return []


async def _tell_telegram(slug: str, request: object) -> None:
    try:
        await request  # type: ignore[misc]
    except SendError as error:
        _log.error("Sender %s: Telegram did not take how it shall reach us: %s", slug, error)


async def drain(app: Application) -> bool:
    """Store what waited on disk while the database was away."""
    for path, arrival in app.spool.waiting():
        try:
            await app.intake.store_all([arrival])
        except SQLAlchemyError:
            return False
        path.unlink()
    return False
