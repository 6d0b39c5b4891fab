"""`python -m simulator`: the far end as a program of its own."""

import asyncio
import signal
from pathlib import Path

import click
from uvicorn.loops.auto import auto_loop_factory

from simulator.app import Simulator
from simulator.options import Options

DEFAULT = Options()


async def run(simulator: Simulator, port: int) -> None:
    """Serve until a signal asks for the end."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await simulator.serve(port)
    click.echo(f"Telegram {simulator.telegram_base_url}\nTwilio   {simulator.base_url}")
    click.echo(f"Phone    {simulator.base_url}/phone\nControl  {simulator.base_url}/control")
    await stop.wait()
    await simulator.stop()


@click.command()
@click.option("--port", default=8090, show_default=True, help="Loopback port; 0 picks a free one.")
@click.option(
    "--telegram-token", "tokens", multiple=True, default=DEFAULT.telegram_tokens, help="A bot's token; may be repeated."
)
@click.option("--twilio-account-sid", default=DEFAULT.twilio_account_sid)
@click.option("--twilio-auth-token", default=DEFAULT.twilio_auth_token)
@click.option(
    "--telegram-rate",
    type=float,
    default=DEFAULT.telegram_rate,
    show_default=True,
    help="Messages a second; 0 for no limit.",
)
@click.option(
    "--telegram-chat-rate",
    type=float,
    default=DEFAULT.telegram_chat_rate,
    show_default=True,
    help="To one chat; 0 for no limit.",
)
@click.option("--twilio-rate", default=0.0, show_default=True, help="Requests a second; 0 for no limit.")
@click.option("--latency", default=0.0, show_default=True, help="Seconds before each answer.")
@click.option("--any-chat", is_flag=True, help="Every Telegram chat exists.")
@click.option(
    "--log-file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the log here, as JSON lines."
)
@click.option("--no-log-messages", is_flag=True, help="Only count messages, for benches.")
@click.option("--no-statuses", is_flag=True, help="Twilio's messages stay queued, for benches.")
@click.option("--keep", default=DEFAULT.keep, show_default=True, help="Log entries and messages kept in memory.")
def main(
    port: int,
    tokens: tuple[str, ...],
    twilio_account_sid: str,
    twilio_auth_token: str,
    telegram_rate: float,
    telegram_chat_rate: float,
    twilio_rate: float,
    latency: float,
    any_chat: bool,
    log_file: Path | None,
    no_log_messages: bool,
    no_statuses: bool,
    keep: int,
) -> None:
    """Imitate Telegram's Bot API and Twilio's messages on loopback, with a resident's phone in the browser."""
    options = Options(
        telegram_tokens=tokens,
        twilio_account_sid=twilio_account_sid,
        twilio_auth_token=twilio_auth_token,
        telegram_rate=telegram_rate or None,
        telegram_chat_rate=telegram_chat_rate or None,
        twilio_rate=twilio_rate or None,
        latency=latency,
        any_chat=any_chat,
        log_file=log_file,
        log_messages=not no_log_messages,
        statuses=() if no_statuses else DEFAULT.statuses,
        keep=keep,
    )
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(run(Simulator(options), port))


if __name__ == "__main__":
    main()
