"""How the bot of an inbox speaks, when, and how much of it there is."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from conversations.hours import hours_of_rows

LANGUAGES = 60
TEXTS = 100
TEXT_LENGTH = 2_000


def check_texts(value: object) -> None:
    """A list of at most 100 texts of at most 80 characters each."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValidationError("Write a list of words or phrases.")
    if len(value) > TEXTS:
        raise ValidationError(f"At most {TEXTS} words or phrases.")
    if any(len(one) > 80 for one in value):
        raise ValidationError("A word or phrase has at most 80 characters.")


def check_languages(value: object) -> None:
    """A list of language codes of two or three letters."""
    if not isinstance(value, list) or len(value) > LANGUAGES:
        raise ValidationError("Write the languages as a list, such as en, zh.")
    for one in value:
        if not isinstance(one, str) or not one.isalpha() or len(one) not in (2, 3):
            raise ValidationError("Write each language as two or three letters, such as en.")
        if one != one.lower():
            raise ValidationError("Write languages in small letters, such as en.")


class BotProfileQuerySet(models.QuerySet["BotProfile"]):
    def whole(self) -> Self:
        """With everything that `BotProfile` reads of other rows."""
        return self.select_related("inbox", "schedule").prefetch_related(
            "keywords__queue",
            "guidelines",
            "fixed_answers",
            "schedule__opening_hours",
            "schedule__holidays",
        )


class BotProfile(models.Model):
    """One for an inbox, and one without an inbox for all that have none of their own."""

    class When(models.TextChoices):
        ALWAYS = "always", "Always"
        OPEN = "open", "While the schedule is open"
        CLOSED = "closed", "While the schedule is closed"
        CALLED = "called", "Only when a keyword calls it"
        NEVER = "never", "Never"

    class Mode(models.TextChoices):
        GENERATE = "generate", "In the model's words, as far as articles bear them out"
        QUOTE = "quote", "In the articles' own sentences"
        STRICT = "strict", "In approved texts only"

    class Beyond(models.TextChoices):
        QUOTE = "quote", "It quotes articles, without the model"
        ASIDE = "aside", "A person is asked"

    class Doubt(models.TextChoices):
        PERSON = "person", "A person is asked"
        CLOSE = "close", "It is closed like the others"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    inbox = models.OneToOneField(
        "inboxes.Inbox",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="bot_profile",
        help_text="Empty: for every inbox without a profile of its own.",
    )
    when = models.CharField(
        "when it answers",
        max_length=8,
        choices=When,
        default=When.ALWAYS,
        help_text="At other times customers go straight to a person.",
    )
    schedule = models.ForeignKey(
        "agents.Schedule",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose opening hours count.",
    )
    languages = models.JSONField(
        default=list,
        blank=True,
        validators=[check_languages],
        help_text="Which it answers in; others go to a person. Empty: every language.",
    )
    mode = models.CharField("how it speaks", max_length=8, choices=Mode, default=Mode.GENERATE)
    never = models.JSONField(
        "never says",
        default=list,
        blank=True,
        validators=[check_texts],
        help_text="Words that no sentence of the model may hold.",
    )
    longest = models.PositiveIntegerField(
        "longest answer", default=0, help_text="In characters; 0: no limit."
    )
    offers_calls = models.BooleanField(
        "offers to call back",
        default=False,
        help_text="Where a person would take long, the bot may offer a call instead.",
    )
    caution = models.FloatField(
        default=1.0,
        help_text="How bad a wrong answer is. 1 is usual; 2: the bot asks a person sooner; "
        "0.5: it answers more itself.",
    )
    answers_a_day = models.PositiveIntegerField(null=True, blank=True)
    answers_a_month = models.PositiveIntegerField(null=True, blank=True)
    tokens_a_day = models.PositiveIntegerField(
        null=True, blank=True, help_text="What the model writes; a word is one or two."
    )
    tokens_a_month = models.PositiveIntegerField(null=True, blank=True)
    beyond = models.CharField(
        "when they are used up",
        max_length=8,
        choices=Beyond,
        default=Beyond.QUOTE,
        help_text="Days and months begin at midnight UTC. Tokens used up never silence quotes.",
    )
    customer_answers_an_hour = models.PositiveIntegerField(
        "answers an hour to one customer",
        null=True,
        blank=True,
        help_text="Who asks more is brought to a person.",
    )
    follow_up_minutes = models.PositiveIntegerField(
        "ask once more after",
        null=True,
        blank=True,
        help_text="Minutes of silence after the bot's answer. Empty: it does not ask.",
    )
    close_minutes = models.PositiveIntegerField(
        "close after",
        null=True,
        blank=True,
        help_text="Minutes of silence after that, or after the answer if it does not ask. "
        "Empty: the routing rule for silent conversations alone closes them.",
    )
    in_doubt = models.CharField(
        "after a doubtful answer",
        max_length=8,
        choices=Doubt,
        default=Doubt.PERSON,
        help_text="Doubtful: the bot asked back, or gave its answer a smaller chance than this.",
    )
    doubt_below = models.FloatField(default=0.5, help_text="0 to 1.")
    updated_at = models.DateTimeField(auto_now=True)

    objects = BotProfileQuerySet.as_manager()

    class Meta:
        ordering = ["inbox__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inbox"], nulls_distinct=False, name="one_bot_profile_per_inbox"
            ),
            models.CheckConstraint(
                condition=Q(when__in=["always", "open", "closed", "called", "never"]),
                name="when_the_bot_answers_is_known",
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["generate", "quote", "strict"]),
                name="how_the_bot_speaks_is_known",
            ),
            models.CheckConstraint(
                condition=Q(beyond__in=["quote", "aside"], in_doubt__in=["person", "close"]),
                name="what_the_bot_does_at_its_limits_is_known",
            ),
            models.CheckConstraint(
                condition=Q(caution__gte=0.1, caution__lte=10), name="caution_is_a_tenth_to_ten"
            ),
            models.CheckConstraint(
                condition=Q(doubt_below__gte=0, doubt_below__lte=1), name="doubt_is_a_probability"
            ),
            models.CheckConstraint(
                condition=(
                    Q(follow_up_minutes=None)
                    | Q(follow_up_minutes__gte=1, follow_up_minutes__lte=43_200)
                )
                & (Q(close_minutes=None) | Q(close_minutes__gte=1, close_minutes__lte=43_200)),
                name="the_bot_s_silence_is_a_minute_to_thirty_days",
            ),
        ]

    def __str__(self) -> str:
        return f"Bot of {self.inbox.name}" if self.inbox else "Bot of every other inbox"

    def clean(self) -> None:
        if self.when in {self.When.OPEN, self.When.CLOSED} and self.schedule is None:
            raise ValidationError({"schedule": "Choose whose opening hours count."})
        if not 0.1 <= self.caution <= 10:
            raise ValidationError({"caution": "From 0.1 to 10."})
        if not 0 <= self.doubt_below <= 1:
            raise ValidationError({"doubt_below": "From 0 to 1."})
        for name in ("follow_up_minutes", "close_minutes"):
            value = getattr(self, name)
            if value is not None and not 1 <= value <= 43_200:
                raise ValidationError({name: "From a minute to thirty days (43,200)."})

    def is_on(self, at: datetime) -> bool:
        """Whether it answers at this moment without being called. A schedule that was deleted is
        always open."""
        if self.when in {self.When.OPEN, self.When.CLOSED}:
            return self._is_open(at) == (self.when == self.When.OPEN)
        return self.when == self.When.ALWAYS

    def _is_open(self, at: datetime) -> bool:
        row = self.schedule
        if row is None:
            return self.when == self.When.OPEN
        return hours_of_rows(
            row.time_zone,
            ((one.weekday, one.opens, one.closes) for one in row.opening_hours.all()),
            ((one.day, one.opens, one.closes) for one in row.holidays.all()),
        ).is_open(at)


class BotKeyword(models.Model):
    """Words of a customer that decide at once who answers."""

    class Then(models.TextChoices):
        BOT = "bot", "The bot answers, also when it would not"
        PERSON = "person", "A person is asked at once"

    profile = models.ForeignKey(BotProfile, models.CASCADE, related_name="keywords")
    words = models.CharField(
        max_length=80,
        help_text="Anywhere in a message, large or small letters. “refund” is not in “refunded”; "
        "write “refund*” for both.",
    )
    then = models.CharField(max_length=8, choices=Then, default=Then.PERSON)
    queue = models.ForeignKey(
        "agents.Queue",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where they wait for a person. Empty: where they would anyway.",
    )

    class Meta:
        ordering = ["profile", "words"]
        verbose_name = "keyword"
        constraints = [
            models.UniqueConstraint(fields=["profile", "words"], name="a_keyword_decides_once"),
            models.CheckConstraint(condition=~Q(words=""), name="a_keyword_has_words"),
            models.CheckConstraint(
                condition=Q(then__in=["bot", "person"]), name="a_keyword_decides_something_known"
            ),
            models.CheckConstraint(
                condition=Q(then="person") | Q(queue=None), name="only_people_are_found_in_a_queue"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        if not self.words.strip(" *"):
            raise ValidationError({"words": "Write at least one word."})
        if self.then == self.Then.BOT and self.queue is not None:
            raise ValidationError({"queue": "The bot needs no queue."})


class BotGuideline(models.Model):
    """How the model should speak: when something is so, do something."""

    profile = models.ForeignKey(BotProfile, models.CASCADE, related_name="guidelines")
    name = models.CharField(max_length=80, help_text="Shown where it was followed.")
    when = models.CharField(
        max_length=300, blank=True, help_text="Such as: the customer is angry. Empty: always."
    )
    then = models.CharField(
        max_length=300,
        help_text="Such as: say sorry first. It adds no facts: what no article bears out is not"
        " said.",
    )
    priority = models.SmallIntegerField(default=0, help_text="The higher comes first.")
    excludes = models.JSONField(
        default=list,
        blank=True,
        validators=[check_texts],
        help_text="Names of weaker guidelines that are left out while this one holds.",
    )
    never = models.JSONField(
        "never says",
        default=list,
        blank=True,
        validators=[check_texts],
        help_text="Words that no sentence of the model may hold while this one holds.",
    )

    class Meta:
        ordering = ["profile", "-priority", "name"]
        verbose_name = "guideline"
        constraints = [
            models.UniqueConstraint(fields=["profile", "name"], name="a_guideline_has_its_name"),
            models.CheckConstraint(
                condition=~Q(then="") & ~Q(name=""), name="a_guideline_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BotFixedAnswer(models.Model):
    """A text that is said word for word."""

    profile = models.ForeignKey(BotProfile, models.CASCADE, related_name="fixed_answers")
    words = models.JSONField(
        default=list,
        validators=[check_texts],
        help_text="It is said when a message holds one of these.",
    )
    text = models.TextField(max_length=TEXT_LENGTH)
    language = models.CharField(
        max_length=3,
        blank=True,
        help_text="Only to who speaks it, such as en. Empty: to everybody.",
    )

    class Meta:
        ordering = ["profile", "pk"]
        verbose_name = "fixed answer"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(words=[]), name="a_fixed_answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(map(str, self.words))[:80]
