"""The web process: webhooks, console, health."""

from collections.abc import Callable

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from console.app import mount
from console.context import Console
from console.labels import LABELS
from console.login import LANGUAGES
from locales.catalogue import translate
from messaging.repository import inbox, ledger
from messaging.webhooks import Endpoint, router
from samenspraak.application import Application, cap_certificates, load_answers


def create_app(app: Application, *, stopping: Callable[[], bool], console_url: str) -> FastAPI:
    """All routes over an opened application. stopping: whether the process is told to end."""
    web = FastAPI(title="Samenspraak", docs_url="/api/docs", redoc_url=None, openapi_url="/api/openapi.json")
    web.include_router(router(Endpoint(app.database, app.vault, app.intake, app.spool, app.settings.public_url)))
    _add_health(web, app)
    mount(
        web,
        Console(
            database=app.database,
            vault=app.vault,
            secure=console_url.startswith("https://"),
            queued=app.outbox.wake.set,
            topics=_topics(app),
            public_url=app.settings.public_url,
            certificates=cap_certificates(app.settings),
            stopping=stopping,
            tiles=app.settings.map_tiles,
        ),
    )
    return web


def _topics(app: Application) -> dict[str, dict[str, str]]:
    by_topic = load_answers(app.settings).by_topic
    return {
        language: {topic: translate("console", language, name) for topic, name in LABELS["topic"].items()}
        | {topic: one.label[language] for topic, one in by_topic.items()}
        for language in LANGUAGES
    }


def _add_health(web: FastAPI, app: Application) -> None:
    @web.get("/healthz", include_in_schema=False)
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse("alive\n")

    @web.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        try:
            async with app.database.read() as connection:
                waiting, given_up = await inbox.waiting(connection)
        except SQLAlchemyError as error:
            return JSONResponse({"ready": False, "database": type(error).__name__}, status_code=503)
        found: dict[str, object] = {"ready": True, "waiting": waiting, "given_up": given_up}
        if app.rasa is not None and (incident := await app.rasa.incident()):
            found["incident"] = f"{incident}; the embedded engine answers"
        return JSONResponse(found)

    @web.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        async with app.database.read() as connection:
            waiting, given_up = await inbox.waiting(connection)
            queued = await ledger.backlog(connection)
        lines = {
            "samenspraak_inbox_waiting": waiting,
            "samenspraak_inbox_given_up": given_up,
            "samenspraak_outbox_waiting": queued,
        }
        text = "".join(f"# TYPE {name} gauge\n{name} {value}\n" for name, value in lines.items())
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")
