"""Search over a small knowledge base, with the real multilingual encoder."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from bots.actions.articles import import_articles
from bots.knowledge.calibration import calibration
from bots.knowledge.corpus import _counted, corpus
from bots.knowledge.questions import encode
from bots.knowledge.search import PARTS, Hit, search
from bots.knowledge.vectors import light_encoders
from bots.models import Article, Refit, SearchWeights, StopWord, Synonyms
from bots.sources.rows import Row
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ROWS = [
    Row("returns", "Returning an item", "Send it back within 30 days.", [], "en", ""),
    Row("delivery", "Delivery times", "Parcels arrive within 3 days.", [], "en", ""),
    Row("zeppelin", "Zeppelin flights", "Zeppelins leave at noon.", [], "en", ""),
]


@pytest.fixture(autouse=True)
def articles(db: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_counted, "corpus", None)  # what another test had may be kept for a while
    import_articles(ROWS, encoders=light_encoders(), at=at, bad=lambda _line: None)


def found(question: str, parts: frozenset[str] = PARTS, inbox_id: int | None = None) -> list[Hit]:
    asked = encode([question], ["en"], light_encoders())[0]
    return search(asked, known=corpus(), inbox_id=inbox_id, parts=parts)


def names(hits: list[Hit]) -> list[str]:
    known = dict(Article.objects.values_list("pk", "external_id"))
    return [str(known[hit.article_id]) for hit in hits]


@pytest.mark.parametrize("parts", [{"vectors"}, {"words"}, {"vectors", "words"}, PARTS])
def test_each_part_finds_by_itself_and_together(parts: set[str]) -> None:
    assert names(found("zeppelin flights", frozenset(parts)))[0] == "zeppelin"


def test_a_part_that_is_switched_off_has_no_say() -> None:
    hit = found("zeppelin", frozenset({"words", "rerank"}))[0]

    assert (hit.asked, hit.said) == (0.0, 0.0)
    assert hit.scores["words_place"] == 1
    assert "vectors_place" not in hit.scores
    assert names(found("qqqq", frozenset({"words"}))) == []


def test_misspelt_words_are_found_by_their_trigrams() -> None:
    assert names(found("zepelin", frozenset({"words", "trigrams"}))) == ["zeppelin"]
    assert names(found("zepelin", frozenset({"words"}))) == []


def test_who_names_a_country_is_not_answered_for_another(at: datetime) -> None:
    countries = [
        Row("home", "Delivery in Germany: times and prices", "2-3 working days.", [], "en", ""),
        Row("abroad", "Delivery to other countries", "Norway, Peru: 4-8 days.", [], "en", ""),
    ]
    import_articles(countries, encoders=light_encoders(), at=at, bad=lambda _line: None)

    def first(question: str) -> str:
        return next(one for one in names(found(question)) if one in {"home", "abroad"})

    assert first("How long does delivery take, and at what price?") == "home"
    assert first("How long does delivery take to Norway, and at what price?") == "abroad"
    assert first("how long does delivery take to peru, and at what price?") == "abroad"
    asked = next(hit for hit in found("delivery times in Peru") if hit.named)
    assert asked.scores["named"] == 1.0
    assert all("named" not in hit.scores for hit in found("delivery times"))


def test_where_several_hold_the_name_what_else_is_asked_decides(at: datetime) -> None:
    rows = [
        Row(
            "abroad",
            "Delivery to other countries",
            "Switzerland, Norway: 4-8 working days, 14.90 €. You see the price before you pay.",
            ["Do you ship to Switzerland?", "international shipping costs"],
            "en",
        ),
        Row(
            "customs",
            "Customs, duties and import tax",
            "Outside the EU your country may charge import tax. The carrier collects it on delivery.",
            ["Do I have to pay customs duties?", "import tax for switzerland"],
            "en",
        ),
    ]
    import_articles(rows, encoders=light_encoders(), at=at, bad=lambda _line: None)
    known = corpus()

    def first(question: str, *, apart: bool = True) -> str:
        (asked,) = encode([question], ["en"], light_encoders(), names_of=known.names_of)
        assert asked.apart is not None
        asked = asked if apart else replace(asked, apart=None)
        return names(search(asked, known=known, inbox_id=None))[0]

    fee = "shipping charges for switzerland"
    assert first(fee, apart=False) == "customs"
    assert first(fee) == "abroad"
    assert first("which taxes do I pay for switzerland") == "customs"


def test_a_centre_says_what_a_name_is_worth(at: datetime) -> None:
    countries = [
        Row("home", "Delivery in Germany: times and prices", "2-3 working days.", [], "en", ""),
        Row("abroad", "Delivery to other countries", "Norway, Peru: 4-8 days.", [], "en", ""),
    ]
    import_articles(countries, encoders=light_encoders(), at=at, bad=lambda _line: None)
    question = "How long does delivery take to Norway, and at what price?"

    def scores() -> dict[str, float]:
        hits = found(question)
        return dict(zip(names(hits), [hit.score for hit in hits], strict=True))

    before = scores()
    known = calibration()
    weights = {
        name: dict(judge.signals) | {"named": judge.signals["named"] + 0.5}
        for name, judge in (("bilingual", known.bilingual), ("alone", known.alone))
    }
    Refit.objects.create(
        kind="ranking", state="live", weights=weights, figures={}, data={}, made_at=at, since=at
    )
    after = scores()

    assert after["abroad"] - before["abroad"] == pytest.approx(0.5)
    assert after["home"] == pytest.approx(before["home"])


def test_synonyms_work_as_soon_as_they_are_written() -> None:
    words = frozenset({"words"})
    assert names(found("airship", words)) == []

    group = Synonyms.objects.create(words=["airship", "zeppelin flight"])
    assert names(found("airship", words)) == ["zeppelin"]

    group.delete()
    assert names(found("airship", words)) == []


def test_stop_words_work_as_soon_as_they_are_written() -> None:
    words = frozenset({"words"})
    assert names(found("noon", words)) == ["zeppelin"]

    StopWord.objects.create(language="en", word="noon")

    assert names(found("noon", words)) == []


def test_a_word_counts_where_the_company_says() -> None:
    before = found("noon")[0].covered

    SearchWeights.objects.create(pk=1, body=0.0)

    assert before > 0
    assert found("noon")[0].covered == 0


@pytest.mark.parametrize("words", [[], ["one"]])
def test_one_word_has_no_synonym(words: list[str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Synonyms.objects.create(words=words)


def test_a_few_articles_of_an_inbox_are_all_found_among_many(at: datetime) -> None:
    inbox = make.inbox()
    many = [Row(f"m{n}", f"Parcel {n}", "Parcels arrive.", [], "en", "") for n in range(60)]
    import_articles(many, encoders=light_encoders(), at=at, bad=lambda _line: None)
    other = make.inbox()
    for article in Article.objects.filter(external_id__startswith="m").exclude(external_id="m7"):
        article.inboxes.add(other)
    Article.objects.get(external_id="m7").inboxes.add(inbox)
    Article.objects.filter(external_id__in=["returns", "delivery", "zeppelin"]).delete()

    assert names(found("where is my parcel?", inbox_id=inbox.pk)) == ["m7"]
