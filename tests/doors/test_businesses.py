"""The demo businesses' interfaces, as the bot calls them: over the running product's own HTTP."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.doors.people import Doors

pytestmark = pytest.mark.journey

_CALLS = """
import json
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from bots.actions.procedures.calling import send
from bots.actions.procedures.keeping import ensure_connection
from bots.procedures.shapes import Action
from bots.procedures.state import Call
from contactcenter.demo.packs.door import token_of
from contactcenter.demo.packs.models import open_business
from contactcenter.demo.packs.pack import names, write_books
asked = {
    "banking": ("/accounts", {"session": "of nobody"}),
    "health": ("/times", {"specialty": "general", "day": "%(day)s"}),
    "restaurant": ("/menu", {"wish": "everything", "course": "any", "without": "nothing"}),
    "retail": ("/advice", {"need": "tents", "people": 2}),
    "telecom": ("/disturbances/find", {"postcode": "10115"}),
    "travel": ("/flights", {"origin": "berlin", "destination": "lisbon", "date": "%(day)s",
                            "travellers": 1, "fare": "light"}),
}
came = {}
for pack in names():
    with transaction.atomic():
        open_business(pack, at=timezone.now())
        write_books(pack, at=timezone.now())
        ensure_connection(pack, f"/demo/{pack}/api", token_of(pack), own=True)
    path, body = asked[pack]
    with override_settings(OWN_URL="%(url)s"):
        said = send(Action("try", 1, pack, "POST", path), Call("try", 1, path, body=body), "k", 10)
    came[pack] = [said.status, said.body]
print(json.dumps(came))
"""


def test_each_business_answers_over_the_product_s_own_way_in(doors: Doors) -> None:
    day = (datetime.now(UTC) + timedelta(days=5)).date()
    calls = _CALLS % {"url": f"http://127.0.0.1:{doors.port}", "day": day}

    came = json.loads(doors.manage_output("shell", "-v", "0", "-c", calls).splitlines()[-1])

    assert {name: status for name, (status, _) in came.items()} == {
        "banking": 410, "health": 200, "restaurant": 200, "retail": 200, "telecom": 200, "travel": 200,
    }  # fmt: skip
    assert came["banking"][1]["code"] == "session_over"
