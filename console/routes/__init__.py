"""The pages, one module a subject."""

from fastapi import APIRouter

from console.routes import (
    account,
    alert,
    alerts,
    assets,
    audit,
    conversation,
    events,
    figures,
    inbox,
    login,
    networks,
    officers,
    steering,
)


def every_router() -> list[APIRouter]:
    """The routes of all pages."""
    return [
        one.router
        for one in (
            login,
            account,
            inbox,
            conversation,
            alerts,
            alert,
            steering,
            networks,
            officers,
            audit,
            events,
            figures,
            assets,
        )
    ]
