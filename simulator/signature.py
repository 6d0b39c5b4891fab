"""Twilio's signature of a webhook, from its documented algorithm.

The URL as the customer configured it, then every form parameter sorted by name, name and value without anything
between; HMAC-SHA1 with the account's token, in base 64. Kept apart from the SDK so that the two check one another.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """The value of X-Twilio-Signature for a form POSTed to `url`."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
