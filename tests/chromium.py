"""The browser that the page tests drive; `python -m tests.chromium` says whether there is one."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")

MISSING = f"""\
The page tests need a Chromium browser. Looked for the one named in CHROMIUM, else for {", ".join(NAMES)}.
On Debian and Ubuntu: apt-get install chromium
Elsewhere, name yours: make test CHROMIUM=/path/to/chromium"""


def chromium() -> str:
    """The browser's path; FileNotFoundError says how to get one."""
    chosen = os.environ.get("CHROMIUM")
    for name in [chosen] if chosen else NAMES:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(MISSING)


if __name__ == "__main__":
    try:
        chromium()
    except FileNotFoundError as missing:
        sys.exit(str(missing))
