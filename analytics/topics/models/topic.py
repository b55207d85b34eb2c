"""A topic, and which conversations are about it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from pgvector.django import VectorField

from bots.models.passage import DIMENSIONS


class Topic(models.Model):
    """Found by itself; its number and what joined it stay, whatever is found later. `words` set it apart
    from the others: {language: [word]}; `title` is what a person calls it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(
        "called",
        max_length=80,
        blank=True,
        help_text="Empty: named by the words that set it apart.",
    )
    words = models.JSONField(default=dict, editable=False)
    example = models.CharField(max_length=300, blank=True, editable=False)
    language = models.CharField(
        max_length=16, blank=True, editable=False, help_text="That most of its questions are in."
    )
    centre = VectorField(
        dimensions=DIMENSIONS, editable=False, help_text="The sum of its members' vectors."
    )
    size = models.PositiveIntegerField(default=0, editable=False)
    looked_size = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="Its size when it was last looked at as to whether it is two.",
    )
    encoder = models.CharField(max_length=200, editable=False)
    is_pinned = models.BooleanField(
        "pinned", default=False, help_text="Shown first, and never merged by itself."
    )
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts"
    )
    found_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-is_pinned", "-size", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="no_topic_merges_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(is_pinned=False),
                name="what_was_merged_is_not_pinned",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name()

    def shown_name(self, language: str = "") -> str:
        """What a person calls it, else its words in this language, else in its own."""
        if self.title:
            return self.title
        found = self.words.get(language) or self.words.get(self.language)
        return ", ".join((found or next(iter(self.words.values()), []))[:3]) or "Unnamed"


class About(models.Model):
    """What one conversation is about: the middle of its questions' vectors. No words of it are here."""

    conversation = models.OneToOneField(
        "conversations.Conversation", models.CASCADE, related_name="about"
    )
    inbox = models.ForeignKey("inboxes.Inbox", models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="conversations"
    )
    at = models.DateTimeField(help_text="When it was asked.")
    language = models.CharField(max_length=16)
    vector = VectorField(dimensions=DIMENSIONS)
    encoder = models.CharField(max_length=200)
    questions = models.PositiveSmallIntegerField(default=1)
    is_looked_at = models.BooleanField(
        default=False, help_text="It was compared with all others that belong nowhere."
    )
    nearness = models.FloatField(null=True, help_text="Mean cosine with the members of its topic.")

    class Meta:
        verbose_name = "subject of a conversation"
        verbose_name_plural = "subjects of conversations"
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=False) | Q(nearness__isnull=True),
                name="nearness_is_to_a_topic",
            )
        ]
        indexes = [
            models.Index(fields=["topic", "at"], name="about_topic_when"),
            models.Index(fields=["at"], name="about_when"),
            models.Index(fields=["id"], condition=Q(topic=None), name="about_unsorted"),
        ]

    def __str__(self) -> str:
        return f"Subject of {self.conversation_id}"
