"""The browser that the page tests drive; `python -m tests.chromium` says whether there is one."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")

MISSING = f"""\
The page tests need a Chromium browser. Looked for {", ".join(NAMES)}, and for the path in CHROMIUM.
On Debian and Ubuntu: apt-get install chromium
Elsewhere, name yours: make test CHROMIUM=/path/to/chromium"""


def chromium() -> str:
    """The browser's path; FileNotFoundError says how to get one."""
    for name in filter(None, (os.environ.get("CHROMIUM"), *NAMES)):
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(MISSING)


if __name__ == "__main__":
    try:
        chromium()
    except FileNotFoundError as missing:
        sys.exit(str(missing))
