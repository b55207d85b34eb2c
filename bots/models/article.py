"""An article: what the company is willing to stand by."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Q
from django.urls import reverse

from inboxes.models import Inbox

TITLE_LIMIT = 300
BODY_LIMIT = 100_000
QUESTION_LIMIT = 1_000
QUESTIONS_LIMIT = 200
REASON_LIMIT = 300


def check_questions(value: object) -> None:
    """A list of at most 200 texts of at most 1,000 characters each."""
    if not isinstance(value, list) or not all(isinstance(q, str) for q in value):
        raise ValidationError("Write the example questions as a list of texts.")
    if len(value) > QUESTIONS_LIMIT:
        raise ValidationError(f"At most {QUESTIONS_LIMIT} example questions.")
    if any(len(question) > QUESTION_LIMIT for question in value):
        raise ValidationError(f"An example question has at most {QUESTION_LIMIT} characters.")


class Reader(StrEnum):
    """Who asks; each may read what those before it may."""

    ANYBODY = "anybody"
    CUSTOMER = "customer"  # one whom the company's own site vouches for
    AGENT = "agent"


class Visibility(models.TextChoices):
    PUBLIC = "public", "Everybody"
    CUSTOMERS = "customers", "Signed-in customers"
    AGENTS = "agents", "Agents only"
    AUDIENCE = "audience", "Signed-in customers of an audience"


# What files are imported as: for an audience an article is kept by hand.
PLAIN_VISIBILITIES = [(one.value, one.label) for one in Visibility if one != Visibility.AUDIENCE]


@dataclass(frozen=True, slots=True)
class Member:
    """A customer whom the company's own site vouches for, with the keys of the audiences that they belong to."""

    audiences: tuple[str, ...]


Readership = Reader | Member

_READABLE: dict[Reader, tuple[Visibility, ...]] = {
    Reader.ANYBODY: (Visibility.PUBLIC,),
    Reader.CUSTOMER: (Visibility.PUBLIC, Visibility.CUSTOMERS),
    Reader.AGENT: tuple(Visibility),
}


def readable_by(reader: Readership) -> list[str]:
    """The visibilities of what this reader may read; what is kept for an audience is not among a customer's."""
    known = Reader.CUSTOMER if isinstance(reader, Member) else reader
    return [str(one) for one in _READABLE[known]]


def audiences_of(reader: Readership) -> list[str]:
    """The keys of the audiences that this reader belongs to."""
    return list(reader.audiences) if isinstance(reader, Member) else []


def open_to(reader: Readership, *, of: str = "") -> Q:
    """What this reader may read, where `of` leads to the article: “article__”."""
    kept = Q((f"{of}visibility", Visibility.AUDIENCE), (f"{of}audience__in", audiences_of(reader)))
    return Q((f"{of}visibility__in", readable_by(reader))) | kept


UNINDEXED = Q(indexed_at=None) | ~Q(indexed_revision=F("revision"))


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        return self.filter(state=Article.State.PUBLISHED)

    def readable_by(self, reader: Readership) -> Self:
        """What is published for this reader."""
        return self.published().filter(open_to(reader))

    def for_inbox(self, inbox_id: int | None) -> Self:
        """Articles of this inbox, and those that belong to none in particular if it uses them."""
        if inbox_id is None:
            return self.filter(inboxes=None)
        alone = Exists(Inbox.objects.filter(pk=inbox_id, own_articles_only=True))
        everywhere = Q(inboxes=None) & ~alone
        return self.filter(everywhere | Q(inboxes=inbox_id)).distinct()

    def unindexed(self) -> Self:
        """Articles whose newest text cannot be found by search yet."""
        return self.filter(UNINDEXED)


class Article(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        ARCHIVED = "archived", "Archived"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    external_id = models.CharField(
        "import id",
        max_length=200,
        null=True,
        blank=True,
        unique=True,
        help_text="The id in the file it was imported from. "
        "Importing the same id again replaces this article.",
    )
    title = models.CharField(max_length=TITLE_LIMIT)
    body = models.TextField(blank=True, help_text="Markdown.")
    questions = models.JSONField(
        "example questions",
        default=list,
        blank=True,
        validators=[check_questions],
        help_text="How customers ask for it. Each one helps the bot to find it.",
    )
    language = models.CharField(
        max_length=35, default="en", help_text="A BCP 47 tag: en, zh, pt-BR."
    )
    category = models.CharField(max_length=100, blank=True)
    is_fixed = models.BooleanField(
        "say it word for word",
        default=False,
        help_text="The bot says the whole text as it stands, instead of its best sentences.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    visibility = models.CharField(
        "who may read it",
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.PUBLIC,
        help_text="The bot quotes to a customer only what that customer may read.",
    )
    audience = models.CharField(
        max_length=36,
        blank=True,
        help_text="Whom it is kept for, if it is for an audience; agents read it, too.",
    )
    publish_at = models.DateTimeField(
        "publish on",
        null=True,
        blank=True,
        help_text="Its newest words become live by themselves at this time (UTC).",
    )
    expires_at = models.DateTimeField(
        "archive on",
        null=True,
        blank=True,
        help_text="From this time on (UTC) nobody reads it any more.",
    )
    family = models.UUIDField(
        default=uuid4,
        editable=False,
        help_text="Translations of one another have the same.",
    )
    inboxes: "models.ManyToManyField[Inbox, models.Model]" = models.ManyToManyField(
        "inboxes.Inbox",
        blank=True,
        related_name="articles",
        help_text="Leave empty to answer with it everywhere.",
    )
    reason = models.CharField(
        "what changed and why",
        max_length=REASON_LIMIT,
        blank=True,
        help_text="For your colleagues; it stands beside the version.",
    )
    version = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="The number of the text that was published last. The database counts it.",
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    indexed_at = models.DateTimeField(null=True, editable=False)
    indexed_revision = models.PositiveIntegerField(null=True, editable=False)
    indexed_with = models.CharField(max_length=200, blank=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "language"], name="article_state_language"),
            models.Index(fields=["-updated_at", "-id"], name="article_newest_first"),
            models.Index(
                fields=["publish_at"],
                name="article_publish_at",
                condition=Q(publish_at__isnull=False),
            ),
            models.Index(
                fields=["expires_at"],
                name="article_expires_at",
                condition=Q(expires_at__isnull=False),
            ),
            models.Index(fields=["id"], name="article_unindexed", condition=UNINDEXED),
            models.Index(
                fields=["audience"],
                name="article_for_an_audience",
                condition=Q(visibility="audience"),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="an_article_has_a_title"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "archived"]),
                name="article_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["public", "customers", "agents", "audience"]),
                name="article_visibility_is_known",
            ),
            models.CheckConstraint(
                condition=Q(visibility="audience") ^ Q(audience=""),
                name="an_article_for_an_audience_names_it",
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None)
                | Q(expires_at=None)
                | Q(expires_at__gt=F("publish_at")),
                name="an_article_is_published_before_it_expires",
            ),
            models.CheckConstraint(
                condition=~Q(state="archived") | Q(publish_at=None, expires_at=None),
                name="an_archived_article_plans_nothing",
            ),
            models.UniqueConstraint(
                fields=["family", "language"], name="one_translation_per_language"
            ),
        ]
        permissions = [("publish_article", "Can publish articles")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("help:article", args=[self.uuid])

    @property
    def is_findable(self) -> bool:
        """Whether the bot quotes the text as it stands now."""
        return self.state == self.State.PUBLISHED and self.indexed_revision == self.revision
