"""Other people's files on their way to becoming articles."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from bots.models.article import PLAIN_VISIBILITIES, Article, Visibility, check_questions


class Import(models.Model):
    """Some files that somebody sent together. Nothing of them is an article before it is confirmed."""

    class State(models.TextChoices):
        READING = "reading", "Being read"
        READY = "ready", "Ready to look at"
        STORED = "stored", "Stored"
        FAILED = "failed", "Nothing could be read"

    class Split(models.TextChoices):
        HEADINGS = "headings", "One article for each heading"
        WHOLE = "whole", "One article for each file"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    split = models.CharField(max_length=10, choices=Split.choices, default=Split.HEADINGS)
    category = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=35, blank=True)
    visibility = models.CharField(
        "who may read them",
        max_length=10,
        choices=PLAIN_VISIBILITIES,
        default=Visibility.PUBLIC,
    )
    published = models.BooleanField(null=True, editable=False)
    counts = models.JSONField(default=dict, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    touched_at = models.DateTimeField(help_text="A sign of life of whoever reads it.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["reading", "ready", "stored", "failed"]),
                name="import_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(split__in=["headings", "whole"]), name="import_split_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="stored", published__isnull=False)
                | (~Q(state="stored") & Q(published=None)),
                name="a_stored_import_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"Import of {self.created_at:%Y-%m-%d %H:%M}"


class SourceFile(models.Model):
    """One of them. Its bytes lie under `uploads/imports/` until it was read, then they are gone."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    is_read = models.BooleanField(default=False)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="a_file_has_its_place")
        ]

    def __str__(self) -> str:
        return self.name


class SourceArticle(models.Model):
    """An article that would be made of a part of a file."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="articles")
    file = models.ForeignKey(SourceFile, models.CASCADE, related_name="articles")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=200, help_text="The article's import id.")
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    questions = models.JSONField(default=list, blank=True, validators=[check_questions])
    language = models.CharField(max_length=35)
    category = models.CharField(max_length=100, blank=True)
    translation_of = models.CharField(max_length=200, blank=True)
    is_chosen = models.BooleanField("import it", default=True)
    problem = models.CharField(max_length=300, blank=True)
    article = models.ForeignKey(
        Article, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="a_part_has_its_place"),
            models.UniqueConstraint(fields=["batch", "key"], name="a_part_comes_once"),
            models.CheckConstraint(condition=~Q(title=""), name="a_part_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title
