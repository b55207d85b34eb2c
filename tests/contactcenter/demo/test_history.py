"""The demo shop's past: what happened there is in the lists of what is learnt, and nobody is left waiting."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.models import Presence
from bots.models import Article, ArticlePair, Asked, Gap, LearnedPair, Replay, SearchDay
from contactcenter.demo.history import HISTORY, Talk, live_through
from contactcenter.demo.knowledge import lines_of
from contactcenter.demo.seed import ARTICLES, seed
from conversations.models import Conversation, Event, Message
from tests import make

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ASKED = ("en-returns", "en-repairs", "en-payment", "en-second-trail")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four articles, and the part of the past that is about engraving, invoices and repairs."""
    few = tmp_path / "articles.jsonl"
    chosen = [line for line in lines_of(ARTICLES) if line["id"] in ASKED]
    few.write_text("".join(f"{json.dumps(line)}\n" for line in chosen), encoding="utf-8")
    monkeypatch.setattr("contactcenter.demo.seed.ARTICLES", few)
    past = json.loads(HISTORY.read_text(encoding="utf-8"))
    wanted = ("engrav", "invoice", "repair take")
    past["talks"] = [
        one for one in past["talks"] if any(word in " ".join(one["asks"]) for word in wanted)
    ]
    past["searches"] = past["searches"][:1]
    path = tmp_path / "history.json"
    path.write_text(json.dumps(past), encoding="utf-8")
    return path


@pytest.mark.integration
@pytest.mark.django_db(transaction=True)
def test_what_happened_is_in_the_lists(shop: Path) -> None:
    make.wrap_up_code("solved")
    seed(at=NOON, password="trailhead-1")
    talks = len(json.loads(shop.read_text(encoding="utf-8"))["talks"])

    assert live_through(at=NOON, path=shop) == talks
    assert Conversation.objects.filter(state="resolved", resolved_at__lt=NOON).count() == talks
    assert not Event.objects.filter(created_at__gt=NOON).exists()
    assert not Presence.objects.exclude(status="offline").exists()
    assert Asked.objects.filter(outcome="confirmed").exists()
    gap = Gap.objects.get(title__icontains="engrav")
    assert gap.state == "drafted"
    assert SearchDay.objects.filter(words="engraving").exists()
    assert gap.article is not None
    assert "9 euros" in gap.article.body
    assert LearnedPair.objects.exists()
    assert set(ArticlePair.objects.values_list("kind", flat=True)) == {"contradiction", "duplicate"}
    assert set(Replay.objects.values_list("article__external_id", flat=True)) == {
        "en-payment", "en-repairs",
    }  # fmt: skip
    assert not Replay.objects.filter(goes_live=True).exists()

    said = Message.objects.count()
    assert live_through(at=NOON + timedelta(days=1), path=shop) == 0
    assert Message.objects.count() == said
    assert Article.objects.filter(visibility="agents").count() == 2


def test_every_line_of_the_past_can_be_told() -> None:
    past = json.loads(HISTORY.read_text(encoding="utf-8"))
    begins = [Talk(**one).begins(NOON) for one in past["talks"]]
    assert len(set(begins)) == len(begins)
    assert max(begins) < NOON - timedelta(days=1)
    bodies = {line["id"]: line["body"] for line in lines_of(ARTICLES)}
    assert all(edit["was"] in bodies[edit["article"]] for edit in past["edits"])
    assert all(one.get("replies") for one in past["talks"] if one.get("agent"))
