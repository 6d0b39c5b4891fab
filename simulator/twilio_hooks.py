"""Posting a signed webhook as Twilio does: 15 seconds, one retry, and a complaint about an answer it cannot use."""

import uuid

from simulator.courier import Answer, Courier
from simulator.log import Log
from simulator.signature import sign
from simulator.twilio_forms import Form

SECONDS = 15.0
ATTEMPTS = 2
ANSWER_TYPES = frozenset({"", "text/xml", "application/xml", "text/html", "text/plain"})


async def post_hook(courier: Courier, log: Log, token: str, url: str, form: Form) -> Answer:
    """Sign over the public URL, post to where it is reached; the last answer, status 0 when nobody answered."""
    headers = {"X-Twilio-Signature": sign(token, url, form), "I-Twilio-Idempotency-Token": str(uuid.uuid4())}
    answer = Answer(0)
    for _ in range(ATTEMPTS):
        answer = await courier.post(url, seconds=SECONDS, headers=headers, form=form)
        if 0 < answer.status < 500:  # noqa: PLR2004 (a server's own fault is worth a retry)
            break
    if answer.good and answer.kind not in ANSWER_TYPES:
        log.add("violation", "twilio", method="webhook", code="12300", reason=f"content type {answer.kind}")
    return answer
