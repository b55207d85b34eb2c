"""The first words of a draft's customers are held against what would begin it."""

from datetime import datetime
from pathlib import Path

import pytest

from bots.actions.procedures.keeping import ensure_procedure, publish, save_draft
from bots.actions.procedures.openings import look_at_openings
from bots.admin.procedures import openings_in_words
from bots.models import ProcedureVersion
from contactcenter.demo.packs.pack import HERE as PACKS

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HERE = Path(__file__).parent
TEXT = (HERE / "return_item.yaml").read_text(encoding="utf-8")
TESTS = (HERE / "return_item.tests.yaml").read_text(encoding="utf-8")
STRANGE = "Where do penguins sleep in winter?"
CUSTOMER = f"""
procedure: return_item
customers:
  - name: one who comes in, one who does not, one who wants something else
    knows: {{order: FW-10234}}
    opens:
      en: ["please return {{order}}", "{STRANGE}", "I want to book a flight to Rome"]
    expect: {{ends: done}}
"""


def a_flight(at: datetime) -> None:
    text = (PACKS / "travel/procedures/book_flight.yaml").read_text(encoding="utf-8")
    ensure_procedure(text.replace("  inboxes: [travel]\n", ""), at=at)


def test_who_would_not_come_in_is_named(at: datetime) -> None:
    a_flight(at)
    draft = save_draft(text=TEXT, tests=CUSTOMER)

    assert look_at_openings(draft.pk, at=at) == 2

    draft.refresh_from_db()
    assert draft.openings == {
        "said": 3,
        "missed": [
            {"language": "en", "said": STRANGE, "instead": "nothing"},
            {
                "language": "en",
                "said": "I want to book a flight to Rome",
                "instead": "Book a flight",
            },
        ],
    }
    assert openings_in_words(draft) == [
        "1 of 3 first words of its customers begin it.",
        f"✗ “{STRANGE}” begins nothing.",
        "✗ “I want to book a flight to Rome” begins Book a flight.",
    ]


def test_other_words_are_looked_at_anew_and_what_is_live_is_left(at: datetime) -> None:
    draft = save_draft(text=TEXT, tests=CUSTOMER)
    look_at_openings(draft.pk, at=at)

    again = save_draft(text=TEXT, tests=TESTS)
    assert again.openings is None
    assert look_at_openings(again.pk, at=at) == 0

    publish(again, at=at, override="for the test")
    save_draft(text=TEXT, tests=CUSTOMER)
    live = ProcedureVersion.objects.get(state="live")
    assert look_at_openings(live.pk, at=at) == 0
    live.refresh_from_db()
    assert live.openings == {"said": 3, "missed": []}
