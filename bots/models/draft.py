"""A draft: new words for an article that is live, which nobody reads yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from django.conf import settings
from django.db import models

from bots.models.article import REASON_LIMIT, TITLE_LIMIT, Article, check_questions


class Draft(models.Model):
    """At most one for each article. An article that is not live is edited in its own place."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="draft")
    base = models.PositiveIntegerField(help_text="The version it was begun from.")
    title = models.CharField(max_length=TITLE_LIMIT)
    body = models.TextField(blank=True)
    questions = models.JSONField(
        "example questions", default=list, blank=True, validators=[check_questions]
    )
    reason = models.CharField("what changed and why", max_length=REASON_LIMIT, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="a_draft_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(base__gte=1), name="a_draft_is_of_what_is_live"
            ),
        ]

    def __str__(self) -> str:
        return f"Draft of article {self.article_id}"


class _Written(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def questions(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Words:
    """What a draft may say differently; everything else about an article holds at once."""

    title: str
    body: str
    questions: tuple[str, ...]

    @classmethod
    def of(cls, written: _Written) -> Self:
        return cls(written.title, written.body, tuple(written.questions))

    def put_into(self, target: Article | Draft) -> None:
        target.title, target.body, target.questions = self.title, self.body, list(self.questions)
