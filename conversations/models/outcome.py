"""What a conversation led to: a handover, a rating, a promise to call back."""

import uuid

from django.db import models
from django.db.models import Q


class Handoff(models.Model):
    """The bot stepped aside: why, and what the next person should know."""

    class Reason(models.TextChoices):
        ASKED = "asked", "The customer asked for a person"
        COMPLAINT = "complaint", "The customer complains"
        FRUSTRATED = "frustrated", "The customer is losing patience"
        LOOP = "loop", "The conversation went in circles"
        NO_ARTICLE = "no_article", "No article answers it"
        OUT_OF_SCOPE = "out_of_scope", "It is not what the bot is for"
        LOW_CHANCE = "low_chance", "The bot would probably not have solved it"
        PERSON_FREE = "person_free", "A person was free, and the bot not sure enough"
        UNSUPPORTED = "unsupported", "Nothing the bot had to say was borne out by an article"
        PART = "part", "One of several requests needs a person"
        POLICY = "policy", "The bot may not deal with this"
        KEYWORD = "keyword", "The customer used a word that asks for a person"
        FILE = "file", "The customer sent a file without words"
        LANGUAGE = "language", "The bot does not speak this language"
        SILENT = "silent", "The customer fell silent after a doubtful answer"
        BUSY = "busy", "The bot was too busy to answer in time"
        QUOTA = "quota", "The bot's quota is used up"
        HOURS = "hours", "The bot does not answer at this hour"
        UNSURE = "unsure", "The bot was not sure enough"
        FAILED = "failed", "The bot could not answer"
        PROCEDURE = "procedure", "A procedure asks for a person"
        NO_BOT = "no_bot", "The inbox has no bot"
        TRANSFERRED = "transferred", "An agent passed it on"
        LOST = "lost", "Its agent was gone or did not answer"

        @classmethod
        def of(cls, code: str) -> "Handoff.Reason":
            """The reason of this code; one that nobody knows is no reason to leave it to the bot."""
            return cls(code) if code in cls.values else cls.UNSURE

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="handoffs"
    )
    reason = models.CharField(max_length=12, choices=Reason)
    summary = models.TextField(blank=True)
    requested_at = models.DateTimeField()

    class Meta:
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"Handoff {self.pk}"


class Rating(models.Model):
    """The survey's answer; a customer may change it, the last one counts."""

    conversation = models.OneToOneField(
        "conversations.Conversation", models.CASCADE, related_name="rating"
    )
    score = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=1000, blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="a_score_is_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.score} of 5"


class Callback(models.Model):
    """A customer asked to be called."""

    class State(models.TextChoices):
        OPEN = "open", "To be called"
        DONE = "done", "Called"
        DROPPED = "dropped", "Dropped"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="callbacks"
    )
    phone = models.CharField(max_length=40)
    call_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as soon as possible.")
    time_zone = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Where the customer is."
    )
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state="open"),
                name="one_open_callback_per_conversation",
            )
        ]

    def __str__(self) -> str:
        return f"Callback {str(self.uuid)[:8]}"


class Upload(models.Model):
    """A file that somebody sent; the name is only shown, never used as a path. `read_text` is what a
    machine read or heard in it."""

    class Read(models.TextChoices):
        NOT_YET = "", "Not looked at"
        DONE = "done", "Read"
        NOTHING = "nothing", "Nothing to read in it"
        FAILED = "failed", "Could not be read"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="uploads"
    )
    file = models.CharField(max_length=100, help_text="Where it lies below the uploads folder.")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    by_customer = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    read_state = models.CharField(max_length=7, choices=Read, blank=True, default="", db_default="")
    read_text = models.TextField(blank=True, default="", db_default="")
    read_by = models.CharField(max_length=100, blank=True, default="", db_default="")
    read_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_state="done", read_at__isnull=False) & ~Q(read_text="")
                | Q(read_state__in=["", "nothing", "failed"], read_text=""),
                name="what_was_read_is_there",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(read_state=""), name="upload_unread")
        ]

    def __str__(self) -> str:
        return f"Upload {str(self.uuid)[:8]}"
