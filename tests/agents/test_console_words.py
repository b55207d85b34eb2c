"""What the console says in words of its own, for every code that the server may send."""

import re
from pathlib import Path

import pytest

from conversations.models import Handoff

pytestmark = pytest.mark.unit
EVENTS = Path(__file__).parents[2] / "static/js/console/events.js"


def test_every_reason_for_a_person_has_its_sentence() -> None:
    told = re.search(r"const REASONS = \{(.*?)\n\};", EVENTS.read_text("utf-8"), re.DOTALL)
    assert told is not None
    known = set(re.findall(r"^\s*(\w+):", told.group(1), re.MULTILINE))

    assert known >= set(Handoff.Reason.values)
