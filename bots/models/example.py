"""What the language model may be taught from the centre's own conversations; a person looks first."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


class TrainingExample(models.Model):
    """A question, the passage that answers it and the answer, without personal data. It goes with its
    conversation; a rejected one stays, so that it is not proposed again."""

    class Source(models.TextChoices):
        RATED = "rated", "An answer of the bot that was rated well"
        LEARNED = "learned", "An answer that a person gave"
        CORRECTED = "corrected", "A person's answer, after the bot's did not help"
        EDITED = "edited", "A suggestion that an agent changed and sent"
        WRITTEN = "written", "Written by hand"

    class State(models.TextChoices):
        WAITING = "waiting", "To be looked at"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.CharField(max_length=9, choices=Source)
    origin = models.CharField(
        max_length=80, unique=True, help_text="The turn, answer or suggestion that it was made of."
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=300, blank=True, help_text="Of the article.")
    question = models.TextField()
    context = models.TextField(help_text="What the article says.")
    answer = models.TextField()
    instead = models.TextField(
        "what the bot had said", blank=True, help_text="Where a person said it better."
    )
    fingerprint = models.CharField(
        max_length=40, blank=True, help_text="Of question and answer: the same is proposed once."
    )
    language = models.CharField(max_length=16)
    is_edited = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = "training example"
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=~Q(fingerprint=""),
                name="an_example_is_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["rated", "learned", "corrected", "edited", "written"]),
                name="the_source_of_an_example_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "accepted", "rejected"]),
                name="the_state_of_an_example_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(context="") & ~Q(answer=""),
                name="an_example_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="example_state")]

    def __str__(self) -> str:
        return self.question[:80]
