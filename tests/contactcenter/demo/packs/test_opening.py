"""A demo business is opened once, has its own knowledge, and a page among the others."""

from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from agents.models import Queue
from bots.actions.procedures.keeping import publish, save_draft
from bots.models import Article, BotProfile, Connection, Procedure, ProcedureVersion
from contactcenter.demo import knowledge
from contactcenter.demo.packs.models import Business, open_business
from contactcenter.demo.packs.opening import open_pack
from contactcenter.demo.packs.pack import names, pack_named, packs
from inboxes.models import Inbox
from tests.contactcenter.demo.packs.conftest import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _two_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encoding all of them takes minutes; what is tested here is the same for two."""
    every = knowledge.lines_of

    def two(path: Path) -> Iterator[dict[str, Any]]:
        return islice(every(path), 2)

    monkeypatch.setattr(knowledge, "lines_of", two)


def test_a_business_is_opened_once() -> None:
    first = open_pack("banking", at=NOON, password="trailhead-1")
    again = open_pack("banking", at=NOON, password="trailhead-1")

    assert len(first.accounts) == 6
    assert (first.articles, first.rows, first.procedures) == (2, 8, 5)
    assert (again.accounts, again.articles, again.rows, again.procedures) == ([], 0, 0, 0)
    inbox = Inbox.objects.get(key="banking")
    assert inbox.own_articles_only
    assert Queue.objects.get(inboxes=inbox).team is not None
    assert BotProfile.objects.get(inbox=inbox).caution == 2
    assert Connection.objects.get().key == "banking"
    assert {one.inbox for one in Procedure.objects.all()} == {inbox}
    assert [list(a.inboxes.all()) for a in Article.objects.all()] == [[inbox], [inbox]]


def test_what_was_changed_stays_changed() -> None:
    open_pack("banking", at=NOON, password="trailhead-1")
    Inbox.objects.filter(key="banking").update(name="Our bank", own_articles_only=False)
    Business.objects.update(weather="down")

    open_pack("banking", at=NOON, password="trailhead-1")

    inbox = Inbox.objects.get(key="banking")
    assert (inbox.name, inbox.own_articles_only) == ("Our bank", False)
    assert Business.objects.get().weather == "down"


def _words_of_an_older_house(key: str) -> ProcedureVersion:
    """The live version as if the house had brought it with other words."""
    live = ProcedureVersion.objects.get(procedure__key=key, state="live")
    live.text = live.text.replace("description:", "# as it was once\ndescription:", 1)
    live.save()
    return live


def test_procedures_of_an_older_house_are_renewed_and_an_editors_never() -> None:
    open_pack("banking", at=NOON, password="trailhead-1")
    old = _words_of_an_older_house("bank_balance")
    edited = _words_of_an_older_house("bank_loan")
    begun = _words_of_an_older_house("bank_identify")
    ended = _words_of_an_older_house("bank_block_card")
    publish(
        save_draft(text=edited.text + "# mine\n", tests=""), at=NOON, override="It is mine."
    )  # signed by somebody whose account has been deleted since
    save_draft(text=begun.text + "# a draft\n", tests=begun.tests)
    ProcedureVersion.objects.filter(pk=ended.pk).update(state="archived")

    assert open_pack("banking", at=NOON, password="trailhead-1").procedures == 1
    assert open_pack("banking", at=NOON, password="trailhead-1").procedures == 0

    fresh = ProcedureVersion.objects.get(procedure__key="bank_balance", state="live")
    old.refresh_from_db()
    assert (fresh.number, old.state) == (2, "archived")
    assert "as it was once" not in fresh.text
    for key, mark in (("bank_loan", "# mine"), ("bank_identify", "as it was once")):
        assert mark in ProcedureVersion.objects.get(procedure__key=key, state="live").text
    assert not ProcedureVersion.objects.filter(
        procedure__key="bank_block_card", state="live"
    ).exists()


def test_one_business_does_not_know_what_another_knows() -> None:
    open_pack("banking", at=NOON, password="trailhead-1")
    bank = Inbox.objects.get(key="banking")
    shop = Inbox.objects.create(key="shop", name="Shop")
    shared = Article.objects.create(
        title="Tents", state="published", updated_at=NOON, created_at=NOON
    )

    assert shared not in Article.objects.for_inbox(bank.pk)
    assert list(Article.objects.for_inbox(shop.pk)) == [shared]
    assert list(Article.objects.for_inbox(None)) == [shared]


def test_the_command_knows_its_businesses() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("seed_demo", "--pack", "casino", stderr=StringIO())
    call_command("seed_demo", "--pack", "banking", stdout=StringIO(), stderr=StringIO())

    assert Business.objects.get().pack == "banking"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_open_business_has_a_page_and_the_switch_leads_to_it(
    client: Client, language: str
) -> None:
    for name in names():
        open_business(name, at=NOON)

    for pack in packs():
        page = client.get(pack.url, {"lang": language})
        shown = page.content.decode()
        assert page.status_code == 200
        assert pack.title[language] in shown
        assert f'data-inbox="{pack.key}"' in shown
        assert all(f'href="{other.url}"' in shown for other in packs())


def test_a_business_that_is_not_open_says_how_to_open_it(client: Client) -> None:
    page = client.get("/demo/banking/")

    assert page.status_code == 404
    assert "script/manage seed_demo --pack banking" in page.content.decode()
    assert client.get("/demo/casino/").status_code == 404


@pytest.mark.parametrize("name", [name for name in names() if not pack_named(name).own_page])
def test_a_page_says_everything_in_both_languages(name: str) -> None:
    pack = pack_named(name)
    pairs = [*pack.promises, *pack.services, *pack.facts]

    for words in [pack.title, pack.tagline, pack.hero, pack.text, pack.facts_text]:
        assert {"en", "zh"} == {language for language, said in words.items() if said.strip()}
    assert all(set(words) == {"en", "zh"} for pair in pairs for words in pair)
    assert set(pack.tries) == {"en", "zh"}
