"""The story from beginning to end, without a person; every statement is held against what reached the providers."""

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console

from samenspraak.application import load_answers
from samenspraak.demo import alert, conversations, measured
from samenspraak.demo.build import enrol_on_paper, found_town, learn
from samenspraak.demo.network import NETWORK
from samenspraak.demo.play import Play, unclear_messages
from samenspraak.demo.scene import PAPER_MEMBER, far_end_options, free_ports, on_stage, settings_in
from samenspraak.demo.town import ALWAYS_OPEN, closed_until_later_this_week
from samenspraak.demo.transcript import Transcript
from simulator.client import ControlError
from storage.clock import now
from storage.errors import SamenspraakError

Chapter = Callable[[Play], Awaitable[None]]
CHAPTERS: tuple[Chapter, ...] = (
    conversations.paper,
    conversations.french,
    conversations.gas,
    conversations.unclear,
    conversations.handover,
    alert.neighbourhood,
    measured.figures,
)


async def perform(console: Console) -> bool:
    """Play the story in a fresh town in a temporary folder; gives whether every statement held."""
    transcript = Transcript(console)
    with tempfile.TemporaryDirectory(prefix="samenspraak-demo-", ignore_cleanup_errors=True) as folder:
        ports = free_ports()
        settings = settings_in(Path(folder), ports)
        answers, engine = load_answers(settings), learn(settings, console)
        unclear = unclear_messages(engine, answers)
        engine.close()
        # Whatever the hour: somebody is at the town hall, nobody at the police zone's desk.
        desk = closed_until_later_this_week(now())
        town = await found_town(settings, municipal_hours=ALWAYS_OPEN, police_hours=desk)
        await enrol_on_paper(settings, town, NETWORK, [PAPER_MEMBER])
        log_file = Path(folder) / "providers.jsonl"
        async with on_stage(settings, ports, far_end_options(log_file, any_chat=False)) as stage:
            await _play(Play(stage.far_end, transcript, answers, stage.console_url, log_file, unclear))
    _close(console, transcript)
    return not transcript.failed


async def _play(play: Play) -> None:
    for chapter in CHAPTERS:
        try:
            await chapter(play)
        except (TimeoutError, SamenspraakError, ControlError, LookupError) as error:
            play.check(f"{(chapter.__doc__ or '').strip()} It was played to its end", False, repr(error))
    violations = await play.far_end.violations()
    play.check("the providers saw no request against their specifications", not violations, violations)


def _close(console: Console, transcript: Transcript) -> None:
    if transcript.failed:
        console.print(
            f"\n[red]{len(transcript.failed)} of {transcript.held + len(transcript.failed)} do not hold.[/red]"
        )
    else:
        console.print(f"\n[green]All {transcript.held} statements hold.[/green]")
