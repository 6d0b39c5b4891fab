"""`samenspraak doctor`: what is wrong with this installation, and how to mend it."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

import click
from sqlalchemy.exc import SQLAlchemyError

from console.assets import assets
from messaging.channel import SendError
from nlu.embedded import content_hash
from nlu.encoder import UniversalSentenceEncoder
from nlu.training_data import TRAINING_FOLDER
from people.repository import officers
from people.roles import Action
from samenspraak import settings as all_settings
from samenspraak.application import Application, load_answers, opened
from samenspraak.backup.repository import key_ids
from samenspraak.settings import Settings
from storage.errors import SamenspraakError
from storage.repository import broken_audit_line


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. state: ok, warning (works, but mind it) or error (mend it)."""

    subject: str
    state: str
    text: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Look the installation over; exit 1 when something must be mended."""
    findings = asyncio.run(_look(all_settings.load()))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings]))
    else:
        for one in findings:
            sign = {"ok": "✓", "warning": "!", "error": "✗"}[one.state]
            click.echo(f"{sign} {one.subject}: {one.text}")
    sys.exit(any(one.state == "error" for one in findings))


async def _look(settings: Settings) -> list[Finding]:
    findings = [_answers(settings), _pages(), _model(settings), _public_url(settings), _mail(settings)]
    try:
        async with opened(settings) as app:
            findings.append(Finding("database", "ok", "reachable and up to date"))
            checks: tuple[Callable[[Application], Awaitable[list[Finding]]], ...] = (
                _key,
                _officers,
                _audit,
                _senders,
                _rasa,
            )
            for check in checks:
                findings += await check(app)
    except SamenspraakError as error:
        findings.append(Finding("installation", "error", str(error)))
    except (SQLAlchemyError, OSError) as error:
        text = f"the database does not answer ({type(error).__name__}); look at SAMENSPRAAK_DATABASE_URL"
        findings.append(Finding("database", "error", text))
    return findings


def _answers(settings: Settings) -> Finding:
    try:
        answers = load_answers(settings)
    except (SamenspraakError, OSError) as error:
        return Finding("answers", "error", str(error))
    if settings.answers is None:
        text = f"the example of {answers.municipality.name}; copy it, write your own, set SAMENSPRAAK_ANSWERS"
        return Finding("answers", "warning", text)
    return Finding("answers", "ok", f"{len(answers.by_topic)} topics of {answers.municipality.name}")


def _pages() -> Finding:
    try:
        assets()
    except SamenspraakError as error:
        return Finding("pages", "error", str(error))
    return Finding("pages", "ok", "front-end packages are installed")


def _model(settings: Settings) -> Finding:
    path = settings.models / f"model-{content_hash(TRAINING_FOLDER, UniversalSentenceEncoder())}.npz"
    if path.exists():
        return Finding("understanding", "ok", "trained on the present sentences")
    return Finding("understanding", "warning", "trains at the next start; `samenspraak nlu train` does it now")


def _public_url(settings: Settings) -> Finding:
    if settings.public_url is None:
        state = "error" if settings.twilio is not None else "ok"
        text = "none: Telegram is polled; SMS and WhatsApp cannot come in without SAMENSPRAAK_PUBLIC_URL"
        return Finding("public address", state, text)
    if not settings.public_url.startswith("https://"):
        return Finding("public address", "warning", f"{settings.public_url} is not https")
    return Finding("public address", "ok", settings.public_url)


def _mail(settings: Settings) -> Finding:
    if settings.mail is None:
        return Finding("mail", "warning", "no server: officers without Telegram are not told that somebody waits")
    return Finding("mail", "ok", f"{settings.mail.host}:{settings.mail.port}")


async def _key(app: Application) -> list[Finding]:
    async with app.database.read() as connection:
        used = await key_ids(connection)
    have = app.vault.key_ids
    if missing := sorted({*used} - {*have}):
        text = f"some is sealed by the key with id {', '.join(missing)}, which SAMENSPRAAK_SECRET_KEY lacks"
        return [Finding("secret key", "error", text)]
    return [Finding("secret key", "ok", f"{', '.join(have)} opens all that is sealed; no backup holds it")]


async def _officers(app: Application) -> list[Finding]:
    findings = []
    for organisation in app.organisations:
        async with app.database.read() as connection:
            approvers = await officers.who_may(connection, organisation.id, Action.APPROVE_ALERT)
        few = len(approvers) < 2  # noqa: PLR2004 - four eyes
        text = f"{len(approvers)} may approve alerts" + ("; an alert needs a second person" if few else "")
        findings.append(Finding(f"officers of {organisation.name}", "warning" if few else "ok", text))
    return findings


async def _audit(app: Application) -> list[Finding]:
    findings = []
    for organisation in app.organisations:
        async with app.database.read() as connection:
            broken = await broken_audit_line(connection, organisation.id)
        text = "the chain is whole" if broken is None else f"line {broken} was changed or a line before it removed"
        findings.append(Finding(f"audit of {organisation.name}", "error" if broken else "ok", text))
    return findings


async def _senders(app: Application) -> list[Finding]:
    if not app.channels.all():
        return [Finding("senders", "warning", "none: set SAMENSPRAAK_TELEGRAM_TOKEN or the Twilio settings")]
    findings = []
    for sender, channel in app.channels.telegram():
        try:
            account = await channel.get_me()
        except SendError as error:
            findings.append(Finding(f"sender {sender.slug}", "error", f"Telegram does not accept us: {error}"))
        else:
            findings.append(Finding(f"sender {sender.slug}", "ok", f"bot @{account.username}"))
    for sender in app.channels.all():
        if sender.channel == "whatsapp" and sender.template is None:
            text = "no SAMENSPRAAK_TWILIO_WHATSAPP_TEMPLATE: alerts outside 24 hours go by SMS"
            findings.append(Finding(f"sender {sender.slug}", "warning", text))
    return findings


async def _rasa(app: Application) -> list[Finding]:
    if app.rasa is None:
        return []
    incident = await app.rasa.incident()
    if incident is None:
        return [Finding("rasa", "ok", f"serves {await app.rasa.model()}")]
    return [Finding("rasa", "error", f"{incident}; until it does, the embedded engine answers")]
