"""The wheel holds all that it needs: installed outside the checkout, it serves the console and answers a resident."""

import re
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from urllib.parse import parse_qs, urljoin

import httpx
import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.acceptance.installation import ROOT, bare_environment, build_wheel, install
from tests.ports import free_port

READY_SECONDS = 120  # the first start may have to train
ANSWER_SECONDS = 30
TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = "AC" + "1" * 32
OURS, RESIDENT = "+32460200000", "+32470123456"

Sent = Queue[dict[str, str]]


class Provider(BaseHTTPRequestHandler):
    """Accepts every message as Twilio does, and keeps it."""

    sent: Sent

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.sent.put({name: values[0] for name, values in form.items()})
        body = b'{"sid": "SM%032x", "status": "queued", "account_sid": "%s"}' % (self.sent.qsize(), ACCOUNT.encode())
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing: the messages are what counts."""


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation")
    return install(build_wheel(folder / "dist"), folder / "environment")


@pytest.fixture(scope="module")
def provider() -> Iterator[ThreadingHTTPServer]:
    Provider.sent = Queue()
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def settings(provider: ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("home")
    # What `make setup` trained is named by the hash of its sentences: it is used only if the wheel has the very same.
    return bare_environment(
        HOME=str(home),
        SAMENSPRAAK_DATABASE_URL=f"sqlite:///{home / 'samenspraak.db'}",
        SAMENSPRAAK_MODELS=str(ROOT / "var" / "nlu"),
        SAMENSPRAAK_PUBLIC_URL=f"http://127.0.0.1:{free_port()}",
        SAMENSPRAAK_TWILIO_ACCOUNT_SID=ACCOUNT,
        SAMENSPRAAK_TWILIO_AUTH_TOKEN=TOKEN,
        SAMENSPRAAK_TWILIO_BASE_URL=f"http://127.0.0.1:{provider.server_port}",
        SAMENSPRAAK_TWILIO_SMS_FROM=OURS,
    )


@pytest.fixture(scope="module")
def first_start(command: Path, settings: dict[str, str]) -> str:
    """What `init --yes` prints."""
    done = subprocess.run(
        [command, "init", "--yes"],
        cwd=settings["HOME"],
        env=settings,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def site(command: Path, settings: dict[str, str], first_start: str) -> Iterator[httpx.Client]:
    """A client of the running `serve`."""
    address = settings["SAMENSPRAAK_PUBLIC_URL"]
    port = address.rsplit(":", 1)[1]
    log = Path(settings["HOME"]) / "serve.log"
    with log.open("w") as output:
        serve = [str(command), "serve", "--host", "127.0.0.1", "--port", port]
        process = subprocess.Popen(serve, cwd=settings["HOME"], env=settings, stdout=output, stderr=output)
    try:
        with httpx.Client(base_url=address, follow_redirects=True, trust_env=False) as client:
            wait_until_ready(client, process, log)
            yield client
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"serve is not ready:\n{log.read_text()}")


def test_the_command_runs_from_the_wheel_and_not_from_the_checkout(command: Path, settings: dict[str, str]) -> None:
    python = command.with_name("python")
    code = (
        "import samenspraak, nlu, locales, sys; print(samenspraak.__file__, nlu.__file__, locales.__file__, *sys.path)"
    )
    done = subprocess.run(
        [python, "-c", code], cwd=settings["HOME"], env=settings, capture_output=True, text=True, check=True
    )
    assert str(ROOT) not in done.stdout


def test_init_prints_the_administrators_one_time_password(first_start: str) -> None:
    assert re.search(r"password\W+\S{8,}", first_start, re.IGNORECASE)


def test_the_login_page_comes_with_its_styles_and_scripts(site: httpx.Client) -> None:
    page = site.get("/")
    assert page.status_code == httpx.codes.OK
    assert 'type="password"' in page.text
    styles = re.findall(r'<link[^>]+href="([^"]+\.css[^"]*)"', page.text)
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', page.text)
    assert styles
    loaded = [site.get(urljoin(str(page.url), address)) for address in styles + scripts]
    assert {answer.status_code for answer in loaded} == {httpx.codes.OK}
    assert any("Pico CSS" in answer.text for answer in loaded)


def test_a_question_over_sms_is_answered_on_its_topic(site: httpx.Client) -> None:
    question = {
        "AccountSid": ACCOUNT,
        "MessageSid": "SM" + "a" * 32,
        "From": RESIDENT,
        "To": OURS,
        "Body": "Wanneer wordt het papier opgehaald?",
        "NumMedia": "0",
    }
    address = urljoin(str(site.base_url), "/webhooks/twilio/sms")
    signature = RequestValidator(TOKEN).compute_signature(address, question)
    assert (
        site.post("/webhooks/twilio/sms", data=question, headers={"X-Twilio-Signature": signature}).status_code == 200
    )
    reply = Provider.sent.get(timeout=ANSWER_SECONDS)
    assert reply["To"] == RESIDENT
    assert "papier" in reply["Body"].lower()
