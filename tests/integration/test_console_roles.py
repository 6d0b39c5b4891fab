"""Each role sees and does what the table of roles says; every refusal is a 403 and a line in the audit."""

from collections.abc import AsyncIterator

import pytest

from people.roles import Action, Role, may
from tests.integration.console_setting import Setting, console_at

PAGES = {
    "/inbox/waiting": Action.READ_CONVERSATIONS,
    "/inbox/recent": Action.READ_CONVERSATIONS,
    "/inbox/count": Action.READ_CONVERSATIONS,
    "/conversations/1": Action.READ_CONVERSATIONS,
    "/conversations/1/messages": Action.READ_CONVERSATIONS,
    "/conversations/1/desk": Action.READ_CONVERSATIONS,
    "/alerts": Action.READ_ALERTS,
    "/alerts/new": Action.DRAFT_ALERT,
    "/alerts/cap": Action.READ_ALERTS,
    "/networks": Action.READ_ALERTS,
    "/places": Action.DRAFT_ALERT,
    "/places/background.json": Action.READ_ALERTS,
    "/members": Action.MANAGE_MEMBERS,
    "/members/1": Action.MANAGE_MEMBERS,
    "/members/export": Action.EXPORT_MEMBERS,
    "/imports": Action.MANAGE_MEMBERS,
    "/figures": Action.READ_METRICS,
    "/officers": Action.ADMINISTER,
    "/tokens": Action.ADMINISTER,
    "/audit": Action.ADMINISTER,
    "/api/v1/alerts": Action.READ_ALERTS,
    "/api/v1/metrics": Action.READ_METRICS,
}
FORMS = {
    "/conversations/1/take-over": Action.REPLY,
    "/conversations/1/reply": Action.REPLY,
    "/conversations/1/give-back": Action.REPLY,
    "/conversations/1/close": Action.REPLY,
    "/conversations/1/number": Action.REPLY,
    "/alerts/new": Action.DRAFT_ALERT,
    "/alerts/preview": Action.DRAFT_ALERT,
    "/alerts/preview/text": Action.DRAFT_ALERT,
    "/alerts/preview/people": Action.DRAFT_ALERT,
    "/alerts/preview/checks": Action.DRAFT_ALERT,
    "/alerts/templates/new": Action.DRAFT_ALERT,
    "/alerts/templates/1": Action.DRAFT_ALERT,
    "/alerts/templates/1/remove": Action.DRAFT_ALERT,
    "/alerts/cap/1/draft": Action.DRAFT_ALERT,
    "/alerts/cap/1/set-aside": Action.STEER_ALERT,
    "/alerts/1/edit": Action.DRAFT_ALERT,
    "/alerts/1/submit": Action.DRAFT_ALERT,
    "/alerts/1/approve": Action.APPROVE_ALERT,
    "/alerts/1/reject": Action.APPROVE_ALERT,
    "/alerts/1/pause": Action.STEER_ALERT,
    "/alerts/1/resume": Action.STEER_ALERT,
    "/alerts/1/cancel": Action.STEER_ALERT,
    "/alerts/1/follow-up/all_clear": Action.STEER_ALERT,
    "/alerts/1/close": Action.STEER_ALERT,
    "/networks": Action.ADMINISTER,
    "/places": Action.DRAFT_ALERT,
    "/places/1/forget": Action.DRAFT_ALERT,
    "/members": Action.MANAGE_MEMBERS,
    "/members/1/networks": Action.MANAGE_MEMBERS,
    "/members/1/kinds": Action.MANAGE_MEMBERS,
    "/imports": Action.MANAGE_MEMBERS,
    "/imports/1/check": Action.MANAGE_MEMBERS,
    "/imports/1/start": Action.MANAGE_MEMBERS,
    "/officers": Action.ADMINISTER,
    "/officers/1/role": Action.ADMINISTER,
    "/officers/1/deactivate": Action.ADMINISTER,
    "/tokens": Action.ADMINISTER,
    "/tokens/1/revoke": Action.ADMINISTER,
}


@pytest.fixture
async def setting(sqlite_url: str) -> AsyncIterator[Setting]:
    async with console_at(sqlite_url) as made:
        yield made


@pytest.mark.parametrize("role", Role)
async def test_a_role_sees_what_it_may_and_nothing_else(setting: Setting, role: Role) -> None:
    officer = await setting.officer(role)
    seen = {path: (await officer.get(path)).status_code for path in PAGES}
    assert seen == {path: 200 if may(role, action) else 403 for path, action in PAGES.items()}


@pytest.mark.parametrize("role", Role)
async def test_a_form_that_a_role_may_not_send_is_refused_and_written_down(setting: Setting, role: Role) -> None:
    officer = await setting.officer(role)
    forbidden = [path for path, action in FORMS.items() if not may(role, action)]
    answers = {path: (await officer.post(path)).status_code for path in forbidden}
    assert answers == dict.fromkeys(forbidden, 403)
    refused = [line for line in await setting.audit() if not line.allowed]
    assert sorted(line.subject for line in refused) == sorted(f"POST {path}" for path in forbidden)
    assert {line.officer_id for line in refused} <= {setting.town.officers[role]}


async def test_the_pages_offer_nothing_that_the_role_may_not_do(setting: Setting) -> None:
    viewer = await setting.officer(Role.VIEWER)
    assert (await viewer.get("/")).headers["location"] == "/alerts"
    page = (await viewer.get("/alerts")).text
    assert 'href="/officers"' not in page
    assert 'href="/alerts/new"' not in page
