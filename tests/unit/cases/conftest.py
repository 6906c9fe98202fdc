from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

MONDAY = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def clock():
    """A Monday with two plain weeks before it and after it; tests move on from there."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller
