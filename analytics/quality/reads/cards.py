"""The cards in force: their questions as the rules read them, and which one is for a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.quality.models import CardQuestion, CardVersion
from analytics.quality.rules.filling import Asked


@dataclass(frozen=True, slots=True)
class InForce:
    """A published version. `inbox`, `channel`, `language` and `answered_by` are None or "" for all."""

    version: int
    card: int
    inbox: int | None
    channel: str
    language: str
    answered_by: str
    fewest_words: int
    sample_share: float
    reviewers: int
    questions: Sequence[Asked]

    def is_for(self, *, inbox: int, channel: str, language: str, subject: str) -> bool:
        return (
            self.inbox in {None, inbox}
            and self.channel in {"", channel}
            and self.language in {"", language}
            and self.answered_by in {"", subject}
        )


def cards_in_force() -> list[InForce]:
    """In the order in which they are tried."""
    rows = (
        CardVersion.objects.filter(state="published", card__is_on=True)
        .select_related("card")
        .order_by("card__position", "card_id")
    )
    return [in_force(row) for row in rows]


def in_force(row: CardVersion) -> InForce:
    return InForce(
        version=row.pk,
        card=row.card_id,
        inbox=row.inbox_id,
        channel=row.channel,
        language=row.language.split("-")[0].lower(),
        answered_by=row.answered_by,
        fewest_words=row.fewest_words,
        sample_share=row.card.sample_share,
        reviewers=row.card.reviewers,
        questions=questions_of(row.pk),
    )


def questions_of(version_id: int) -> list[Asked]:
    """In the order of the card."""
    rows = CardQuestion.objects.filter(version=version_id).order_by(
        "section__position", "section_id", "position", "pk"
    )
    return [
        Asked(
            row.pk, row.code, row.kind, row.judge, row.highest, row.may_not_apply,
            row.asked_if_id, row.asked_if_least, row.asked_if_most,
        )
        for row in rows
    ]  # fmt: skip
