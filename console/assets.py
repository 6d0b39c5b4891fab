"""Style sheets and scripts: our own, and the few files that npm installed; each at an address that holds its hash."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storage.errors import ConfigurationError, NotFound

_HERE = Path(__file__).parent
_FILES = {
    "pico.css": _HERE / "node_modules/@picocss/pico/css/pico.min.css",
    "htmx.js": _HERE / "node_modules/htmx.org/dist/htmx.min.js",
    "sse.js": _HERE / "node_modules/htmx-ext-sse/dist/sse.min.js",
    "leaflet.css": _HERE / "node_modules/leaflet/dist/leaflet.css",
    "leaflet.js": _HERE / "node_modules/leaflet/dist/leaflet.js",
    "console.css": _HERE / "static/console.css",
    "console.js": _HERE / "static/console.js",
    "map.js": _HERE / "static/map.js",
    "favicon.svg": _HERE / "static/favicon.svg",
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    name: str
    content: bytes
    media_type: str

    @property
    def url(self) -> str:
        """Where it is; another content has another address, so that browsers may keep it for good."""
        return f"/assets/{hashlib.sha256(self.content).hexdigest()[:16]}/{self.name}"


@cache
def assets() -> dict[str, Asset]:
    """All files by name; raises ConfigurationError when npm has not installed its part yet."""
    try:
        return {name: Asset(name, path.read_bytes(), _TYPES[path.suffix]) for name, path in _FILES.items()}
    except FileNotFoundError as error:
        raise ConfigurationError("The pages' front-end packages are missing: run `make setup`") from error


def asset_url(name: str) -> str:
    """The address of a file, for a template."""
    return assets()[name].url


def asset_at(url: str) -> Asset:
    """The file at an address; raises NotFound, for one of an earlier version too."""
    for one in assets().values():
        if one.url == url:
            return one
    raise NotFound("There is no such file")
