"""The pages, one module a subject."""

from fastapi import APIRouter

from console.routes import (
    account,
    alert,
    alerts,
    answers,
    assets,
    audience,
    audit,
    cap,
    conversation,
    erasure,
    events,
    figures,
    imports,
    inbox,
    login,
    members,
    networks,
    officers,
    places,
    replies,
    report,
    steering,
    templates,
    tokens,
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
            erasure,
            templates,
            cap,
            alerts,
            audience,
            alert,
            answers,
            replies,
            report,
            steering,
            networks,
            places,
            members,
            imports,
            officers,
            tokens,
            audit,
            events,
            figures,
            assets,
        )
    ]
