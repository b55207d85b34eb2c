"""Cards are edited as drafts and published as versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from analytics.quality.models import CardQuestion, CardSection, CardVersion, ScoreCard
from conversations.errors import Refused


class CannotPublish(Refused):
    """A card without a question that counts."""

    code = "cannot_publish"


@transaction.atomic
def draft_of(card: ScoreCard) -> CardVersion:
    """The draft, made from what is in force if there is none yet."""
    held = ScoreCard.objects.select_for_update().get(pk=card.pk)
    draft = held.versions.filter(state="draft").first()
    if draft is not None:
        return draft
    newest = held.versions.order_by("-number").first()
    live = held.versions.filter(state="published").first() or newest
    made = CardVersion.objects.create(card=held, number=(newest.number if newest else 0) + 1)
    if live is not None:
        _copy(live, made)
    return made


def _copy(old: CardVersion, new: CardVersion) -> None:
    for name in ("inbox_id", "channel", "language", "answered_by", "fewest_words"):
        setattr(new, name, getattr(old, name))
    new.save()
    sections = {
        one.pk: CardSection.objects.create(version=new, title=one.title, position=one.position)
        for one in old.sections.all()
    }
    copied: dict[int, CardQuestion] = {}
    for one in old.questions.order_by("section__position", "position"):
        copied[one.pk] = CardQuestion.objects.create(
            version=new,
            section=sections[one.section_id],
            position=one.position,
            code=one.code,
            text=one.text,
            advice=one.advice,
            kind=one.kind,
            highest=one.highest,
            may_not_apply=one.may_not_apply,
            weight=one.weight,
            is_fatal=one.is_fatal,
            judge=one.judge,
            asked_if=copied[one.asked_if_id] if one.asked_if_id else None,
            asked_if_least=one.asked_if_least,
            asked_if_most=one.asked_if_most,
        )


@transaction.atomic
def publish(version: CardVersion, *, by_id: int | None, at: datetime) -> CardVersion:
    """In force from now on, for what ends from now on; the one before it is kept. Twice changes nothing.
    Raises CannotPublish."""
    card = ScoreCard.objects.select_for_update().get(pk=version.card_id)
    held = CardVersion.objects.select_for_update().get(pk=version.pk)
    if held.state != "draft":
        return held
    if not held.questions.filter(weight__gt=0).exists():
        raise CannotPublish("A card needs a question that counts: one with a weight.")
    card.versions.filter(state="published").update(state="retired")
    held.state, held.published_at, held.published_by_id = "published", at, by_id
    held.save(update_fields=["state", "published_at", "published_by"])
    return held


@transaction.atomic
def make_card(
    *, card: Mapping[str, Any], version: Mapping[str, Any], sections: Sequence[Mapping[str, Any]]
) -> CardVersion:
    """A card with its first draft. `sections` are {"title", "questions": [{"code", "text", …}]}, in which
    `asked_if` names the code of an earlier question."""
    made = ScoreCard.objects.create(**card)
    draft = CardVersion.objects.create(card=made, number=1, **version)
    known: dict[str, CardQuestion] = {}
    for place, section in enumerate(sections, start=1):
        held = CardSection.objects.create(version=draft, title=section["title"], position=place)
        for number, words in enumerate(section["questions"], start=1):
            fields = dict(words)
            condition = fields.pop("asked_if", None)
            known[fields["code"]] = CardQuestion.objects.create(
                version=draft,
                section=held,
                position=number,
                asked_if=known[condition] if condition else None,
                **fields,
            )
    return draft
