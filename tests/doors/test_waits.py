"""A customer in line hears at the socket how long it takes, and in words when it takes longer."""

from collections.abc import Iterator

import pytest

from tests.doors.people import CustomerClient, Doors

pytestmark = pytest.mark.journey

# A past in which who found somebody free waited some forty seconds.
PAST = """
from django.utils import timezone
from agents.models import Queue, QueuePace
from agents.rules.waits import Pace
kept = Pace(quick=3.7, quick_spread=0.4, quick_seen=20)
for queue in Queue.objects.all():
    QueuePace.objects.update_or_create(
        queue=queue, defaults={"row": kept.row(), "learned_until": timezone.now()}
    )
"""
# Long enough that nobody misses an offer while the test is told a story.
OFFERED_FOR = """
from agents.models import Queue
Queue.objects.update(offer_seconds=%d)
"""
# What they were told ran out two minutes ago.
BROKEN = """
from datetime import timedelta
from django.utils import timezone
from conversations.models import Conversation
talk = Conversation.objects.get(uuid="%s")
then = timezone.now() - timedelta(seconds=130)
talk.promised |= {"low": 5.0, "high": 10.0, "at": then.isoformat()}
talk.save(update_fields=["promised"])
"""


@pytest.fixture
def patient(doors: Doors) -> Iterator[None]:
    doors.manage_output("shell", "-v0", "-c", OFFERED_FOR % 300)
    yield
    doors.manage_output("shell", "-v0", "-c", OFFERED_FOR % 20)


@pytest.mark.usefixtures("patient")
def test_the_range_is_told_and_what_grows_is_said(doors: Doors, customer: CustomerClient) -> None:
    doors.manage_output("shell", "-c", PAST)
    with doors.agent("agent1") as anna:
        anna.send({"type": "presence", "status": "online"})
        customer.send({"type": "human"})
        anna.until(
            lambda frame: (
                frame["type"] == "offer"
                and frame["conversation"] == customer.session["conversation"]
            ),
            30,
        )

        told = customer.until(
            lambda frame: frame["type"] == "state" and bool((frame["queue"] or {}).get("wait_high"))
        )["queue"]

        assert told["position"] == 1
        assert told["wait_seconds"] == told["wait_high"]
        assert 0 < told["wait_low"] <= told["wait_high"] < 180

        doors.manage_output("shell", "-c", BROKEN % customer.session["conversation"])
        words = customer.until(
            lambda frame: frame["type"] == "message" and "longer than we said" in frame["text"],
            30,
        )
        assert words["author"]["kind"] == "system"
        customer.read(1)  # a range that is still the same is not told twice
        ranges = [
            frame["queue"]["wait_high"] or 0 for frame in customer.frames if frame.get("queue")
        ]
        assert ranges[-1] > 20
        log = doors.history(customer.session["conversation"])
        assert [line["data"]["longer"] for line in log if line.get("kind") == "promised"] == [True]
        customer.send({"type": "end"})
        anna.send({"type": "presence", "status": "offline"})
