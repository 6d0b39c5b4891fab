"""A real Rasa server of its own, on a slice of the sentences."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from nlu import rasa_project
from tests.ports import free_port

HOME = Path(__file__).parents[2] / ".rasa"
TOPICS = (
    "greet", "talk_to_human", "emergency", "scam_or_phishing", "waste_calendar", "passport", "library", "fine",
    "report_noise", "out_of_scope",
)  # fmt: skip
EPOCHS, EACH = 10, 12
TOKEN = "-token-of-the-contract-tests"
"""One in 64 of those that we make begins with a hyphen."""
START_SECONDS = 300


@dataclass
class RunningRasa:
    """The command and, while it runs, its process; it starts again on the same port."""

    model: Path
    token_file: Path
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it serves its model."""
        command = rasa_project.serving(HOME, self.model, self.token_file, "127.0.0.1", self.port)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"Rasa did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.5)

    def kill(self) -> None:
        """As the kernel would when memory runs out."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def command_line(self) -> str:
        """As everybody on the machine sees it."""
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/cmdline").read_text()

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/status", params={"token": TOKEN}).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@contextmanager
def rasa_server(folder: Path) -> Iterator[RunningRasa]:
    """Train on the slice and serve it while the block lasts."""
    project = folder / "project"
    rasa_project.write_project(project, epochs=EPOCHS, topics=TOPICS, each=EACH)
    token_file = folder / "token"
    token_file.write_text(TOKEN)
    server = RunningRasa(rasa_project.train(HOME, project, folder / "models"), token_file, folder / "server.log")
    try:
        server.start()
        yield server
    finally:
        server.kill()
