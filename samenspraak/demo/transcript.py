"""What the audience reads: who said what on which channel, and whether each statement holds."""

from rich.console import Console
from rich.markup import escape

from simulator.log import Entry

_CHANNELS = {"telegram": "Telegram", "whatsapp": "WhatsApp", "sms": "SMS"}


class Transcript:
    """Prints the story and remembers what did not hold."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.held = 0
        self.failed: list[str] = []

    def chapter(self, number: int, title: str) -> None:
        """Begin a part of the story."""
        self._console.print(f"\n[bold]{number}. {escape(title)}[/bold]")

    def message(self, entry: Entry) -> None:
        """A message as it passed at the provider, in either direction."""
        person, channel = entry.get("person", "?"), _CHANNELS.get(entry["channel"], entry["channel"])
        arrow = "→" if entry["event"] == "inbound" else "←"
        text = entry.get("text") or f"({entry.get('media', 'press')})"
        template = " [dim](template)[/dim]" if entry.get("template") else ""
        self._console.print(f"   [cyan]{escape(person)}[/cyan] [dim]{channel}[/dim] {arrow}{template}")
        for line in text.splitlines() or [""]:
            self._console.print(f"      {escape(line)}", highlight=False)
        for label, *_ in entry.get("choices", ()):
            self._console.print(f"      [reverse] {escape(label)} [/reverse]", highlight=False)

    def officer(self, name: str, does: str) -> None:
        """What an officer does in the console."""
        self._console.print(f"   [magenta]{escape(name)}[/magenta] [dim]console[/dim] {escape(does)}", highlight=False)

    def check(self, statement: str, holds: bool, seen: object = "") -> bool:
        """State something about what was seen; whether it holds is remembered, and what was seen instead is shown."""
        mark = "[green]✓[/green]" if holds else "[red]✗[/red]"
        self._console.print(f"   {mark} {escape(statement)}", highlight=False)
        if holds:
            self.held += 1
        else:
            self.failed.append(statement)
            self._console.print(f"     [red]seen: {escape(str(seen)[:2000])}[/red]", highlight=False)
        return holds
