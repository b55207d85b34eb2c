"""What a person confirmed of an import becomes articles: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bots.actions import gate
from bots.actions.articles import link_rows
from bots.actions.editing import save_article, write_draft
from bots.actions.importing import held_import
from bots.models import Article, Draft, Import, SourceArticle, Words
from bots.sources.rows import Row
from conversations.errors import WrongFields

REASON = "Imported from {}"
GATED = 20  # new articles: more of them are a new knowledge base, which nobody compares


@dataclass
class Stored:
    """How many articles became what. `drafted`: live ones that got a draft beside them;
    `waiting`: those that go live once past questions were replayed (`bots.actions.gate`)."""

    created: int = 0
    changed: int = 0
    drafted: int = 0
    unchanged: int = 0
    waiting: int = 0
    problems: int = 0


def confirm_import(batch: UUID, *, publish: bool, by_id: int | None, at: datetime) -> Stored:
    """The chosen ones, in one transaction. New ones become drafts, or are live at once.

    A known article (same file, same heading) that says something else: without `publish` a live one
    gets a draft, which shows what changed; with it the new words go live by the rule of the house
    (`gate.publish`), as up to `GATED` new ones do. What is the same is left alone. Confirming twice is refused. Raises NotFound, NotReady, WrongFields.
    """
    with transaction.atomic():
        held = held_import(batch)
        chosen = list(held.articles.filter(is_chosen=True).select_related("file"))
        if not chosen:
            raise WrongFields("Choose at least one article.")
        counts = Stored()
        known = _known(chosen)
        fresh = [one for one in chosen if one.key not in known]
        is_gated = publish and len(fresh) <= GATED and gate.looks(at=at)
        made = _create(fresh, held, publish=publish and not is_gated, by_id=by_id, at=at)
        for one_made in made if is_gated else ():
            way = gate.publish(article=one_made.uuid, by_id=by_id, at=at)
            counts.waiting += not way.is_live
        counts.created = len(fresh)
        for one in chosen:
            if article := known.get(one.key):
                _change(one, article, counts, publish=publish, by_id=by_id, at=at)
        rows = [
            Row(one.key, one.title, "", translation_of=one.translation_of, line=one.position)
            for one in chosen
            if one.translation_of
        ]
        counts.problems = len(link_rows(rows))
        held.state, held.published, held.counts = Import.State.STORED, publish, asdict(counts)
        held.save(update_fields=["state", "published", "counts"])
    return counts


def _known(chosen: Sequence[SourceArticle]) -> dict[str | None, Article]:
    """As it is now: the same file may have come in twice since it was read."""
    found = Article.objects.select_for_update().filter(external_id__in=[c.key for c in chosen])
    return {article.external_id: article for article in found.order_by("pk")}


def _create(
    some: Sequence[SourceArticle],
    held: Import,
    *,
    publish: bool,
    by_id: int | None,
    at: datetime,
) -> list[Article]:
    state = Article.State.PUBLISHED if publish else Article.State.DRAFT
    made = Article.objects.bulk_create(
        Article(
            external_id=one.key,
            title=one.title,
            body=one.body,
            questions=one.questions,
            language=one.language,
            category=one.category,
            visibility=held.visibility,
            state=state,
            reason=REASON.format(one.file.name)[:300],
            created_at=at,
            updated_at=at,
            updated_by_id=by_id,
        )
        for one in some
    )
    links = [
        SourceArticle(pk=one.pk, article=article) for one, article in zip(some, made, strict=True)
    ]
    SourceArticle.objects.bulk_update(links, ["article"])
    return made


def _change(
    one: SourceArticle,
    article: Article,
    counts: Stored,
    *,
    publish: bool,
    by_id: int | None,
    at: datetime,
) -> None:
    words = Words(one.title, one.body, tuple(one.questions) or tuple(article.questions))
    draft = Draft.objects.filter(article=article).first()
    if words == Words.of(draft or article) and (draft is None or not publish):
        counts.unchanged += 1
        return
    reason = REASON.format(one.file.name)[:300]
    if article.state == Article.State.ARCHIVED:
        # Somebody took it out of use; new words do not bring it back.
        words.put_into(article)
        article.reason = reason
        save_article(article, by_id=by_id, at=at)
        counts.changed += 1
        return
    write_draft(
        article=article.uuid, words=words, reason=reason, by_id=by_id, at=at, may_publish=publish
    )
    if publish and not gate.publish(article=article.uuid, by_id=by_id, at=at).is_live:
        counts.waiting += 1
        return
    live = article.state == Article.State.PUBLISHED and not publish
    counts.drafted += live
    counts.changed += not live
