"""How much of the faults a run asks for."""

import pytest


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How often a worker is killed."""
    number: int = request.config.getoption("--kills")
    return number
