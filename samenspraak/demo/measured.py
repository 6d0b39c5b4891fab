"""The story, point 7: what the figures page shows equals what a separate program counts from the providers' log."""

import asyncio
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal

from samenspraak.demo.browser import Browser
from samenspraak.demo.play import Play
from samenspraak.demo.town import (
    AT_THE_POLICE,
    IN_TOWN_HALL,
    INHABITANTS,
    MUNICIPALITY,
    PASSWORD,
    POLICE,
    Accounts,
    Seat,
)
from storage.errors import Unavailable

_TOLERANCE = 0.1
"""Seconds. We measure from our door to the provider's answer, the provider from its own sending to its taking."""
_COUNTED_WITHIN = 15
"""Seconds within which everything that happened is counted on the page."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, by both counts."""

    name: str
    ours: float | None
    counted: float | None
    tolerance: float = 0.0

    @property
    def equal(self) -> bool:
        """Whether both are known and the same."""
        if self.ours is None or self.counted is None:
            return False
        return isclose(self.ours, self.counted, rel_tol=0.0, abs_tol=self.tolerance or 1e-9)


async def figures(play: Play) -> None:
    """The figures are shown, and equal an independent count."""
    play.transcript.chapter(7, "The figures, counted twice")
    for viewer, accounts, officers in (
        (IN_TOWN_HALL[3], MUNICIPALITY, IN_TOWN_HALL),
        (AT_THE_POLICE[3], POLICE, AT_THE_POLICE),
    ):
        play.transcript.officer(viewer.name, "opens the figures")
        counted = await _count(play.log_file, accounts, officers)
        async with Browser(play.console_url) as browser:
            await browser.log_in(viewer.email, PASSWORD)
            for one in await _settled(browser, counted):
                play.check(_statement(one), one.equal, one)
            await _shown(play, browser, counted)


async def _count(log_file: Path, accounts: Accounts, officers: Iterable[Seat]) -> dict[str, Any]:
    named = [part for account in accounts.in_log for part in ("--account", account)]
    besides = [part for one in officers if one.chat_id for part in ("--officer", str(one.chat_id))]
    return await separately("count", str(log_file), *named, *besides, "--inhabitants", str(INHABITANTS))


async def separately(program: str, *arguments: str) -> dict[str, Any]:
    """What a program of this package, in a process of its own, counts; raises Unavailable when it fails."""
    command = ["-m", f"samenspraak.demo.{program}", *arguments]
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    if process.returncode:
        raise Unavailable("The separate count failed")
    counted: dict[str, Any] = json.loads(printed)
    return counted


async def _settled(browser: Browser, counted: dict[str, Any]) -> list[Figure]:
    """Both counts side by side, once ours has caught up with the log."""
    for _ in range(_COUNTED_WITHIN):
        compared = _compare(await browser.json("/api/v1/metrics?days=30"), counted)
        if all(one.equal for one in compared):
            break
        await asyncio.sleep(1)
    return compared


def _compare(shown: dict[str, Any], counted: dict[str, Any]) -> list[Figure]:
    reach, clock = shown["reach"], shown["response"]["both"]["clock"]
    took_part = shown["participating"]
    return [
        Figure("people who can be reached by alerts", reach["reachable"]["numerator"], counted["reachable"]),
        Figure("reach per inhabitant", reach["reachable"]["value"], counted["reachable"] / counted["inhabitants"]),
        Figure("people who wrote", reach["active_30"]["numerator"], counted["active"]),
        Figure("questions", shown["questions"], counted["questions"]),
        Figure("answers", shown["answers"], counted["answers"]),
        Figure("answered share", shown["answered"]["value"], counted["answered_share"]),
        Figure("mean response time (s)", clock["mean"], counted["mean_seconds"], _TOLERANCE),
        Figure("median response time (s)", clock["median"], counted["median_seconds"], _TOLERANCE),
        Figure("people who took part", took_part["numerator"], counted["took_part"]),
        Figure("participation", took_part["value"], counted["took_part"] / counted["active"]),
    ]


def _statement(one: Figure) -> str:
    if one.ours is None or one.counted is None:
        return f"{one.name}: known by both counts"
    if one.tolerance:
        return f"{one.name}: {one.ours:.2f} on the page, {one.counted:.2f} at the providers"
    return f"{one.name}: {one.counted:.5g} by both counts"


async def _shown(play: Play, browser: Browser, counted: dict[str, Any]) -> None:
    """The key figures at the top of the page, each with numerator and denominator."""
    page = (await browser.open("/figures")).text
    inhabitants = format_decimal(INHABITANTS, locale="nl_BE")
    for name, written in (
        ("reach", f"({counted['reachable']} / {inhabitants})"),
        ("the answered share", f"({counted['answers']} / {counted['questions']})"),
        ("participation", f"({counted['took_part']} / {counted['active']})"),
    ):
        play.check(f"the page shows {name} as {written}", written in page, page)
