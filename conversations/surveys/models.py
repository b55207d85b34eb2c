"""A survey and its questions; who was asked, and what they said."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from conversations.surveys.kinds import CHOSEN, KINDS

_OPTIONS_AT_MOST = 12
_TEXT_AT_MOST = 300


def check_texts(texts: Any) -> None:
    """Words by language, such as {"en": "How easy was it?", "zh": "…"}; one at least."""
    if not isinstance(texts, dict) or not texts:
        raise ValidationError('Give the words by language, such as {"en": "How easy was it?"}.')
    for language, words in texts.items():
        if not isinstance(words, str) or not 1 <= len(words.strip()) <= _TEXT_AT_MOST:
            raise ValidationError(f"The words in {language!r} are 1 to {_TEXT_AT_MOST} characters.")


def check_options(options: Any) -> None:
    """A list of `{"key", "en", "zh", …}`, each key once."""
    if not isinstance(options, list) or len(options) > _OPTIONS_AT_MOST:
        raise ValidationError(f"At most {_OPTIONS_AT_MOST} options, each with a key and its words.")
    keys = set()
    for option in options:
        if not isinstance(option, dict) or not str(option.get("key", "")).strip():
            raise ValidationError('Each option is such as {"key": "slow", "en": "It took long"}.')
        check_texts({name: words for name, words in option.items() if name != "key"})
        keys.add(option["key"])
    if len(keys) < len(options):
        raise ValidationError("Each option has a key of its own.")


class Survey(models.Model):
    """Which conversations it is for, how it reaches the customer, and what it asks. The first active one
    that fits a conversation is asked; `position` says which comes first."""

    class EndedWith(models.TextChoices):
        ANY = "any", "Anybody"
        BOT = "bot", "The bot alone"
        PERSON = "person", "A person"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, help_text="For you; customers see the title.")
    is_active = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(
        default=10, help_text="The first one that fits a conversation is asked."
    )
    title = models.JSONField(
        default=dict, validators=[check_texts], help_text='{"en": "How did we do?", "zh": "…"}'
    )
    thanks = models.JSONField(
        default=dict,
        blank=True,
        help_text='Said when they have answered: {"en": "Thank you.", "zh": "谢谢。"}',
    )

    inboxes = models.ManyToManyField(
        "inboxes.Inbox", blank=True, related_name="+", help_text="None chosen: all of them."
    )
    languages = models.JSONField(
        default=list, blank=True, help_text='Such as ["en", "zh"]; empty: any.'
    )
    ended_with = models.CharField(max_length=6, choices=EndedWith, default=EndedWith.ANY)
    with_labels = models.JSONField(
        default=list, blank=True, help_text="Only conversations with one of these labels."
    )
    without_labels = models.JSONField(
        default=list, blank=True, help_text="No conversation with one of these labels."
    )
    share = models.PositiveSmallIntegerField(
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Of a hundred conversations so many are asked, drawn at random.",
    )
    rest_days = models.PositiveSmallIntegerField(
        default=0, help_text="Who was asked this is not asked it again within so many days."
    )

    in_chat = models.BooleanField(default=True, help_text="Right after the conversation.")
    by_email = models.BooleanField(
        "by e-mail",
        default=False,
        help_text="A letter with a link, to customers whose address is known and who have not answered.",
    )
    email_after_minutes = models.PositiveIntegerField(default=60)
    open_days = models.PositiveSmallIntegerField(
        default=14,
        validators=[MinValueValidator(1)],
        help_text="So long it can be answered, and the answer changed.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=100), name="a_survey_asks_1_to_100"
            ),
            models.CheckConstraint(condition=Q(open_days__gte=1), name="a_survey_is_open_a_day"),
            models.CheckConstraint(
                condition=Q(ended_with__in=["any", "bot", "person"]), name="survey_ended_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """One thing that is asked. Once it was answered its kind and options stay; it can be retired."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=10)
    kind = models.CharField(max_length=8, choices=[(key, kind.name) for key, kind in KINDS.items()])
    text = models.JSONField(
        validators=[check_texts], help_text='{"en": "How easy was it?", "zh": "…"}'
    )
    options = models.JSONField(
        default=list,
        blank=True,
        validators=[check_options],
        help_text='To choose from: [{"key": "slow", "en": "It took too long", "zh": "…"}]',
    )
    is_required = models.BooleanField(default=False)
    only_up_to = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Asked only if the first number of the survey is at most this: what went wrong?",
    )
    is_retired = models.BooleanField(default=False, help_text="No longer asked; answers stay.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(KINDS)), name="question_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CHOSEN) | Q(options=[]), name="only_a_choice_has_options"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.text, "en")

    def clean(self) -> None:
        if self.kind in CHOSEN and not self.options:
            raise ValidationError({"options": "There is nothing to choose from."})
        if self.kind not in CHOSEN and self.options:
            raise ValidationError({"options": "Only a choice has options."})
        was = (
            Question.objects.filter(pk=self.pk, answers__isnull=False).first() if self.pk else None
        )
        if was and (was.kind, was.options) != (self.kind, self.options):
            raise ValidationError(
                "It has been answered: retire it, and ask another one instead of changing its meaning."
            )


class Invitation(models.Model):
    """A customer was asked about one conversation. Asked again, it is the same invitation."""

    class Way(models.TextChoices):
        CHAT = "chat", "In the chat"
        EMAIL = "email", "By e-mail"
        LINK = "link", "By a link"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="invitations"
    )
    way = models.CharField(max_length=5, choices=Way, help_text="How they were asked first.")
    language = models.CharField(max_length=16, default="en")
    asked_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    letter_due_at = models.DateTimeField(null=True, blank=True)
    letter_sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=5, choices=Way, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "conversation"], name="asked_once_of_each"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by="")
                | Q(answered_at__isnull=False) & ~Q(answered_by=""),
                name="an_answer_came_some_way",
            ),
            models.CheckConstraint(
                condition=Q(letter_sent_at=None) | Q(letter_due_at=None),
                name="a_letter_is_due_or_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["letter_due_at"],
                name="letters_due",
                condition=Q(letter_due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Invitation {str(self.uuid)[:8]}"


class Reply(models.Model):
    """The answer to one question; a customer may change it, the last one counts."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="replies")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=8)
    number = models.SmallIntegerField(null=True, blank=True)
    chosen = models.JSONField(default=list, blank=True)
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["invitation", "question"], name="a_question_once"),
            models.CheckConstraint(
                name="a_reply_is_of_its_kind",
                condition=Q(
                    kind__in=["csat", "scale"], number__isnull=False, number__gte=1, number__lte=5
                )
                | Q(kind="nps", number__isnull=False, number__gte=0, number__lte=10)
                | Q(kind="ces", number__isnull=False, number__gte=1, number__lte=7)
                | Q(kind="yes_no", number__isnull=False, number__gte=0, number__lte=1)
                | Q(kind__in=[*CHOSEN, "text"], number=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Reply {self.pk}"


class Review(models.Model):
    """A bad rating, to be looked at by somebody who says what went wrong and what follows. Made with the
    rating; a rating that gets better in time needs none any more."""

    class Cause(models.TextChoices):
        ANSWER = "answer", "The answer was wrong or of no use"
        WAIT = "wait", "It took too long"
        MANNER = "manner", "How we spoke"
        POLICY = "policy", "Our terms: we could not do what was wanted"
        PRODUCT = "product", "The product or the service itself"
        BOT = "bot", "The bot, or getting past it"
        UNFAIR = "unfair", "Nothing on our side"
        OTHER = "other", "Something else"

    rating = models.OneToOneField("conversations.Rating", models.CASCADE, related_name="review")
    cause = models.CharField(max_length=8, choices=Cause, blank=True)
    note = models.TextField(max_length=2000, blank=True, help_text="What happened, what follows.")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "review of a bad rating"
        verbose_name_plural = "reviews of bad ratings"
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at=None, cause="")
                | Q(reviewed_at__isnull=False) & ~Q(cause=""),
                name="reviewed_means_a_cause",
            )
        ]

    def __str__(self) -> str:
        return f"Review {self.pk}"


class Refusal(models.Model):
    """An address whose owner wants no letters that ask how it was."""

    email_hash = models.BinaryField(max_length=32, unique=True)
    refused_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Refusal {self.pk}"


def in_language(texts: dict[str, str], language: str) -> str:
    """The words in this language, else in English, else in any."""
    short = language.lower().split("-")[0]
    return (
        texts.get(language) or texts.get(short) or texts.get("en") or next(iter(texts.values()), "")
    )
