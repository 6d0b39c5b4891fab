"""Everything at the far end, from one set of options; put together anew by a reset."""

from simulator.clock import Clock
from simulator.courier import Courier
from simulator.faults import Faults
from simulator.log import Log
from simulator.options import Options
from simulator.personas import People
from simulator.rate import Limiter
from simulator.resident import Residents
from simulator.telegram_bot import Bot
from simulator.telegram_wire import TelegramWire
from simulator.twilio_account import Account
from simulator.twilio_switchboard import Switchboard
from simulator.twilio_wire import TwilioWire


class World:
    """The state of both providers and of the people, and the two wires that lead to it."""

    def __init__(self, options: Options) -> None:
        self.contacts = options.contacts
        self.clock = Clock()
        self.log = Log(self.clock, keep=options.keep, enabled=options.log_messages, path=options.log_file)
        self.people = People()
        self.faults = Faults()
        self.courier = Courier()
        self.bots = {
            token: Bot(
                token,
                options.telegram_username + (f"_{n}" if n else ""),
                options,
                self.clock,
                self.people,
                self.log,
                self.courier,
            )
            for n, token in enumerate(options.telegram_tokens)
        }
        self.account = Account(options, self.clock, self.people, self.log, self.courier)
        self.calls = Switchboard(options, self.clock, self.people, self.log, self.courier)
        self.residents = Residents(self.bots, self.account, self.clock, self.log)
        self.telegram = TelegramWire(self.bots, self.people, self.log, self.faults)
        self.twilio = TwilioWire(self.account, self.calls, self.people, self.log, self.faults)
        self.set_rates(
            options.telegram_rate, options.telegram_chat_rate, options.telegram_chat_burst, options.twilio_rate
        )
        self.set_latency(options.latency)

    def set_rates(
        self, telegram: float | None, telegram_chat: float | None, telegram_chat_burst: int, twilio: float | None
    ) -> None:
        """Messages a second of each bot, of one chat (with its burst) and of the account; None for no limit."""
        self.telegram.overall = Limiter(telegram, max(1, int(telegram or 1)))
        self.telegram.per_chat = Limiter(telegram_chat, telegram_chat_burst)
        self.twilio.overall = Limiter(twilio, max(1, int(twilio or 1)))

    def set_latency(self, seconds: float) -> None:
        """Seconds before each answer on either wire."""
        self.telegram.latency = self.twilio.latency = seconds

    async def close(self) -> None:
        """Drop errands and connections, end who reads the log."""
        self.log.close()
        for bot in self.bots.values():
            bot.intake.wake()
        await self.courier.close()
