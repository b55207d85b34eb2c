"""What words mean to this company's search: synonyms, stop words, and where a word counts most."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

WORD_LIMIT = 100
GROUP_LIMIT = 30
_LANGUAGE = RegexValidator(
    r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", "Write a BCP 47 tag such as en, zh or pt-BR."
)


def check_synonyms(words: list[str]) -> None:
    """Two to thirty different words or phrases."""
    said = [word.strip().casefold() for word in words]
    if not all(said) or not 2 <= len(set(said)) <= GROUP_LIMIT or len(set(said)) < len(said):
        raise ValidationError(
            f"Write two to {GROUP_LIMIT} different words or phrases that mean the same."
        )


class Synonyms(models.Model):
    """Words and phrases that mean the same: who asks for one finds the others."""

    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    language = models.CharField(
        max_length=35,
        blank=True,
        validators=[_LANGUAGE],
        help_text="Of the question; empty holds for every language.",
    )
    words = ArrayField(
        models.CharField(max_length=WORD_LIMIT),
        size=GROUP_LIMIT,
        validators=[check_synonyms],
        help_text="Separated by commas: refund, money back, reimbursement.",
    )
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["language", "words", "pk"]
        verbose_name = "synonyms"
        verbose_name_plural = "synonyms"
        constraints = [
            models.CheckConstraint(
                condition=Q(words__len__gte=2) & Q(words__len__lte=GROUP_LIMIT),
                name="synonyms_are_two_or_more",
            )
        ]

    def __str__(self) -> str:
        return " = ".join(self.words)


class StopWord(models.Model):
    """A word that tells no article from another in this company, though it does elsewhere."""

    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    language = models.CharField(
        max_length=35,
        blank=True,
        validators=[_LANGUAGE],
        help_text="Of the question; empty holds for every language.",
    )
    word = models.CharField(max_length=WORD_LIMIT)

    class Meta:
        ordering = ["language", "word"]
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="one_stop_word_each"),
            models.CheckConstraint(condition=~Q(word=""), name="a_stop_word_has_letters"),
        ]

    def __str__(self) -> str:
        return self.word


_SHARE = (MinValueValidator(0.0), MaxValueValidator(5.0))


class SearchWeights(models.Model):
    """One row: how much a question's word counts where it is found. Without it, the usual."""

    USUAL: ClassVar[dict[str, float]] = {"title": 1.0, "question": 1.0, "body": 1.0}

    title = models.FloatField(default=1.0, validators=_SHARE)
    questions = models.FloatField("example questions", default=1.0, validators=_SHARE)
    body = models.FloatField(default=1.0, validators=_SHARE)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "search weights"
        verbose_name_plural = "search weights"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_row_of_search_weights"),
            models.CheckConstraint(
                condition=Q(title__range=(0, 5), questions__range=(0, 5), body__range=(0, 5)),
                name="search_weights_are_shares",
            ),
        ]

    def __str__(self) -> str:
        return "How much a word counts"

    @classmethod
    def current(cls) -> dict[str, float]:
        """By kind of passage."""
        row = cls.objects.first()
        if row is None:
            return dict(cls.USUAL)
        return {"title": row.title, "question": row.questions, "body": row.body}
