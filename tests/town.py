"""A municipality on a migrated database with its senders, its officers and the far end of the wire, in this process.

Nothing runs by itself: a test hands messages over and says when the inbox and the outbox work.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Table, select
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bots.answers import Answers
from bots.handover import Desk
from bots.inbound import Inbound
from messaging.channels import Channels
from messaging.exchange import open_session
from messaging.inbox import Inbox
from messaging.incoming import ChannelKind
from messaging.intake import Intake
from messaging.outbox import Outbox
from messaging.repository import senders
from messaging.sender import Credentials
from messaging.spool import Spool
from messaging.webhooks import Endpoint, router
from nlu.topics import topic_names
from people.officer import Officer
from people.organisation import OrganisationKind
from people.repository import networks, officers, organisations
from people.roles import Role
from samenspraak.application import SHIPPED_ANSWERS
from samenspraak.worker import CLAIMANTS
from simulator.app import Simulator
from simulator.log import Entry
from simulator.options import Options
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from tests.keywords import Keywords

SECRET = "a secret that is long enough for the tests"
TELEGRAM_SECRET = "what-Telegram-repeats"
PUBLIC_URL = "https://town.example"
SMS, WHATSAPP = "+32460000001", "+32460000002"
AN = 4242
AN_MOBILE = "+32470123456"
OPTIONS = Options(
    telegram_rate=None,
    telegram_chat_rate=None,
    any_chat=True,
    statuses=(),
    twilio_numbers=(SMS, f"whatsapp:{WHATSAPP}"),
)
ALWAYS = [["00:00-23:59"]] * 7
ANSWERS = Answers.load(SHIPPED_ANSWERS, topic_names())
_TOKEN = OPTIONS.telegram_tokens[0]
_numbers = count(1)


@dataclass
class Town:
    """The municipality of a test. sender: the id of its account on each channel."""

    database: Database
    vault: Vault
    far_end: Simulator
    id: int
    sender: Mapping[ChannelKind, int]
    intake: Intake
    spool: Spool
    inbox: Inbox
    outbox: Outbox
    interpreter: Keywords
    web: httpx.AsyncClient
    channels: Channels
    _staff: list[Officer] = field(default_factory=list)

    async def post_telegram(self, update: object, *, secret: str | None = TELEGRAM_SECRET) -> httpx.Response:
        """An update as Telegram hands it over."""
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        return await self.web.post("/webhooks/telegram/telegram", content=json.dumps(update), headers=headers)

    async def telegram(self, text: str = "", *, chat: int = AN, update_id: int | None = None, **message: Any) -> None:
        """Somebody writes to the bot."""
        content = telegram_message(text, chat=chat, **message)
        answer = await self.post_telegram({"update_id": update_id or next(_numbers), "message": content})
        assert answer.status_code == 200

    async def press(self, choice: str, label: str = "", *, chat: int = AN, query: str = "1") -> None:
        """Somebody presses a button of ours."""
        button = {"text": label, "callback_data": choice}
        below = telegram_message("?", chat=chat) | {"reply_markup": {"inline_keyboard": [[button]]}}
        pressed = {"id": query, "from": below["from"], "message": below, "data": choice}
        assert (await self.post_telegram({"update_id": next(_numbers), "callback_query": pressed})).status_code == 200

    async def post_twilio(
        self, form: Mapping[str, str], path: str = "sms", *, signature: str | None = None
    ) -> httpx.Response:
        """A form as Twilio hands it over, signed unless told otherwise."""
        address = f"/webhooks/twilio/{path}"
        signed = RequestValidator(OPTIONS.twilio_auth_token).compute_signature(PUBLIC_URL + address, form)
        given = signed if signature is None else signature
        return await self.web.post(address, data=dict(form), headers={"X-Twilio-Signature": given} if given else {})

    async def sms(self, text: str, *, number: str = AN_MOBILE, **fields: str) -> None:
        """Somebody sends an SMS."""
        form = sms_form(text, number=number, **fields)
        assert (await self.post_twilio(form)).status_code == 200

    async def whatsapp(self, text: str, *, number: str = AN_MOBILE, **fields: str) -> None:
        """Somebody writes over WhatsApp."""
        self.far_end.world.account.set_window(f"whatsapp:{number}", is_open=True)
        form = sms_form(text, number=f"whatsapp:{number}", To=f"whatsapp:{WHATSAPP}", **fields)
        assert (await self.post_twilio(form, "whatsapp")).status_code == 200

    async def answer(self) -> None:
        """Answer all that came in."""
        while await self.inbox.work():
            pass

    async def send(self) -> None:
        """Let leave all that is due."""
        while await self.outbox.work():
            await self.outbox.finish()

    async def reply_to(self, text: str = "", **how: Any) -> str:
        """What somebody on Telegram is answered."""
        before = len(self.sent())
        await self.telegram(text, **how)
        await self.answer()
        await self.send()
        (reply,) = self.sent()[before:]
        return reply["text"]

    def sent(self, address: str | None = None) -> list[Entry]:
        """What the providers took, in order."""
        taken = [one for one in self.far_end.world.log.after(0) if one["event"] == "accepted"]
        return [one for one in taken if address in (None, one["address"])]

    async def until_sent(self, number: int) -> None:
        """Wait until the providers took so many; raises TimeoutError when that takes a minute."""
        async with asyncio.timeout(60):
            while len(self.sent()) < number:  # noqa: ASYNC110 - the far end tells nobody
                await asyncio.sleep(0.05)

    async def rows(self, table: Table) -> list[Any]:
        """All rows of a table, in the order of their making."""
        async with self.database.read() as connection:
            return list(await connection.execute(select(table).order_by(*table.primary_key.columns)))

    async def officer(self, role: Role = Role.OFFICER, name: str = "Els") -> Officer:
        """Somebody who works at the town hall."""
        async with self.database.write() as connection:
            made = await officers.create(
                connection,
                organisation_id=self.id,
                email=f"officer{next(_numbers)}@lindebeke.example",
                name=name,
                role=role,
                password="a password of some length",
                at=now(),
            )
            return await officers.get(connection, self.id, made)

    @asynccontextmanager
    async def desk(self, officer: Officer) -> AsyncIterator[Desk]:
        """An officer at work, in a transaction."""
        async with self.database.write() as connection:
            yield Desk(connection, self.vault, officer, now())

    async def network(self, name: str = "BIN Centrum", keyword: str = "centrum") -> int:
        """A neighbourhood network."""
        async with self.database.write() as connection:
            return await networks.create(connection, self.id, name, keyword, now())


def telegram_message(text: str = "", *, chat: int = AN, **fields: Any) -> dict[str, Any]:
    """A private message of the Bot API."""
    person = {"id": chat, "is_bot": False, "first_name": "An", "language_code": "nl"}
    content = {"text": text} if text else {}
    private = {"id": chat, "type": "private", "first_name": "An"}
    return {"message_id": next(_numbers), "date": 1_700_000_000, "chat": private, "from": person, **content, **fields}


def sms_form(text: str, *, number: str = AN_MOBILE, **fields: str) -> dict[str, str]:
    """An inbound form of Twilio's."""
    return {
        "MessageSid": f"SM{next(_numbers):032x}",
        "AccountSid": OPTIONS.twilio_account_sid,
        "From": number,
        "To": SMS,
        "Body": text,
        "NumMedia": "0",
        **fields,
    }


@asynccontextmanager
async def town(url: str, spool: Any, *, options: Options = OPTIONS, hours: object = ALWAYS) -> AsyncIterator[Town]:
    """Lindebeke on this database; what must be spooled goes to the folder `spool`."""
    database, vault, far_end = Database(url), Vault(SECRET), Simulator(options)
    await far_end.serve()
    try:
        async with database.write() as connection:
            town_id = await organisations.create(
                connection,
                kind=OrganisationKind.MUNICIPALITY,
                name="Lindebeke",
                slug="lindebeke",
                at=now(),
                office_hours=hours,
            )
            sender = {kind: await _sender(connection, vault, far_end, town_id, kind) for kind in ChannelKind}
            every = await senders.every(connection, vault)
        async with open_session() as session:
            yield await _open(database, vault, far_end, town_id, sender, Channels(every, session, PUBLIC_URL), spool)
    finally:
        await far_end.stop()
        await database.close()


async def _sender(connection: Any, vault: Vault, far_end: Simulator, town_id: int, kind: ChannelKind) -> int:
    telegram = kind is ChannelKind.TELEGRAM
    numbers = {ChannelKind.SMS: SMS, ChannelKind.WHATSAPP: WHATSAPP, ChannelKind.VOICE: SMS}
    return await senders.put(
        connection,
        vault,
        organisation_id=town_id,
        slug=kind,
        channel=kind,
        account=_TOKEN.split(":")[0] if telegram else OPTIONS.twilio_account_sid,
        from_address=numbers.get(kind, "bot"),
        credentials=Credentials(_TOKEN, TELEGRAM_SECRET) if telegram else Credentials(OPTIONS.twilio_auth_token),
        base_url=far_end.telegram_base_url if telegram else far_end.base_url,
        messages_per_second=1000,
    )


async def _open(
    database: Database,
    vault: Vault,
    far_end: Simulator,
    town_id: int,
    sender: Mapping[ChannelKind, int],
    channels: Channels,
    folder: Any,
) -> Town:
    interpreter, intake, spool = Keywords(), Intake(database, vault), Spool(folder)
    intake.remember(channels.all())
    outbox = Outbox(database, vault, channels)
    inbound = Inbound(database, vault, interpreter, {town_id: ANSWERS}, CLAIMANTS, outbox.wake.set)
    web = FastAPI()
    web.include_router(router(Endpoint(database, vault, intake, spool, PUBLIC_URL)))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=PUBLIC_URL)
    return Town(
        database=database,
        vault=vault,
        far_end=far_end,
        id=town_id,
        sender=sender,
        intake=intake,
        spool=spool,
        inbox=Inbox(database, vault, channels, inbound.handle),
        outbox=outbox,
        interpreter=interpreter,
        web=client,
        channels=channels,
    )
