"""The control API: tests, the demo and benches set the scene here, let people act, and read what arrived."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, status

from simulator.faults import Fault
from simulator.log import Entry
from simulator.orders import (
    Block,
    NewAnswer,
    NewFate,
    NewFault,
    NewNumber,
    NewPerson,
    NewTemplate,
    Press,
    RawUpdate,
    Route,
    Say,
    Sent,
    Settings,
    Step,
    Window,
)
from simulator.personas import Persona, persona
from simulator.resident import Act
from simulator.twilio_account import Fate, Template
from simulator.twilio_switchboard import Answer
from simulator.world import World

router = APIRouter(prefix="/control")


def current_world(request: Request) -> World:
    """The world as it is now; a reset replaces it."""
    world: World = request.app.state.simulator.world
    return world


Here = Annotated[World, Depends(current_world)]


@router.post("/people", status_code=status.HTTP_201_CREATED)
async def register(new: NewPerson, world: Here) -> Persona:
    """Somebody with a phone."""
    try:
        found = persona(**asdict(new))
    except ValueError as error:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, str(error)) from error
    world.people.register(found)
    return found


@router.get("/people")
async def people(world: Here) -> list[Persona]:
    """Everybody registered."""
    return world.people.all()


@router.post("/numbers", status_code=status.HTTP_201_CREATED)
async def add_number(new: NewNumber, world: Here) -> NewNumber:
    """A number of the application."""
    world.account.numbers[new.address] = new.webhook
    return new


@router.post("/templates", status_code=status.HTTP_201_CREATED)
async def add_template(new: NewTemplate, world: Here) -> NewTemplate:
    """A text that WhatsApp approved."""
    world.account.templates[new.sid] = Template(new.sid, new.name, new.body, new.buttons)
    return new


@router.post("/routes", status_code=status.HTTP_201_CREATED)
async def add_route(route: Route, world: Here) -> Route:
    """Where public addresses are reached."""
    world.courier.route(route.public, route.local)
    return route


@router.post("/window")
async def set_window(order: Window, world: Here) -> Window:
    """Begin or end a person's 24 hours on WhatsApp."""
    world.account.set_window(world.people.named(order.person).address("whatsapp"), is_open=order.is_open)
    return order


@router.post("/fates")
async def set_fate(new: NewFate, world: Here) -> NewFate:
    """How every message to an address at Twilio ends."""
    world.account.fates.pop(new.address, None)
    if new.status:
        world.account.fates[new.address] = Fate(new.status, new.code)
    return new


@router.post("/answers")
async def set_answer(new: NewAnswer, world: Here) -> NewAnswer:
    """What somebody does when their number is called."""
    world.calls.answers[new.phone] = Answer(new.ends, new.key)
    return new


@router.post("/faults", status_code=status.HTTP_201_CREATED)
async def add_fault(new: NewFault, world: Here) -> NewFault:
    """Something goes wrong."""
    world.faults.orders.append(Fault(**asdict(new)))
    return new


@router.get("/faults")
async def faults(world: Here) -> list[Fault]:
    """The orders, with what is left of their counts."""
    return world.faults.orders


@router.delete("/faults", status_code=status.HTTP_204_NO_CONTENT)
async def clear_faults(world: Here) -> None:
    """Nothing more goes wrong."""
    world.faults.orders.clear()


@router.patch("/settings")
async def change_settings(settings: Settings, world: Here) -> Settings:
    """Change some; what is left out stays."""
    if settings.latency is not None:
        world.set_latency(settings.latency)
    if settings.rates is not None:
        world.set_rates(**asdict(settings.rates))
    for name in ("statuses", "status_delay", "window_refused_at_once"):
        if (value := getattr(settings, name)) is not None:
            setattr(world.account, name, value)
    return settings


@router.post("/clock")
async def advance(step: Step, world: Here) -> dict[str, str]:
    """Move the virtual clock forward."""
    world.clock.advance(timedelta(seconds=step.seconds))
    return {"now": world.clock.now().isoformat()}


@router.post("/reset", status_code=status.HTTP_204_NO_CONTENT)
async def reset(request: Request) -> None:
    """As new."""
    await request.app.state.simulator.reset()


@router.post("/send", status_code=status.HTTP_201_CREATED)
async def send(say: Say, world: Here) -> Sent:
    """A person sends a message."""
    act = Act(say.text, say.media, (say.latitude, say.longitude), say.quoted, say.account)
    return Sent(provider_id=world.residents.send(world.people.named(say.person), say.medium, act))


@router.post("/press", status_code=status.HTTP_201_CREATED)
async def press(order: Press, world: Here) -> Sent:
    """A person presses a button."""
    person = world.people.named(order.person)
    return Sent(provider_id=world.residents.press(person, order.medium, order.provider_id, order.choice))


@router.post("/block")
async def block(order: Block, world: Here) -> Block:
    """A person blocks the bot, or no longer."""
    world.residents.block(world.people.named(order.person), blocked=order.blocked, username=order.account)
    return order


@router.post("/updates", status_code=status.HTTP_201_CREATED)
async def inject(update: RawUpdate, world: Here) -> dict[str, int]:
    """Any update of the Bot API."""
    person = world.people.named(update.person)
    return {"update_id": world.residents.inject(person, update.kind, update.content)}


@router.get("/log", response_model=None)
async def log(world: Here, after: int = 0, wait: float = 0.0) -> list[Entry]:
    """The entries after one, waiting so many seconds for the first."""
    return await world.log.wait(after, wait)


@router.get("/violations", response_model=None)
async def violations(world: Here) -> list[Entry]:
    """What the providers' specifications do not allow."""
    return world.log.violations


@router.get("/counts")
async def counts(world: Here) -> dict[str, int]:
    """How often each event happened."""
    return dict(world.log.counts)


@router.get("/state", response_model=None)
async def state(world: Here) -> dict[str, Any]:
    """Webhooks, numbers, templates and the time."""
    return {
        "now": world.clock.now().isoformat(),
        "bots": {bot.username: bot.get_webhook_info({}) for bot in world.bots.values()},
        "numbers": world.account.numbers,
        "templates": [asdict(template) for template in world.account.templates.values()],
    }
