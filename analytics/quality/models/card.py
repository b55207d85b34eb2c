"""A score card: what a good conversation is. A published version never changes."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from analytics.quality.rules.registry import JUDGES


def judge_choices() -> list[tuple[str, str]]:
    return [("", "Nobody but people"), *((name, one.title) for name, one in JUDGES.items())]


class ScoreCard(models.Model):
    """What holds for all its versions. The first card that is for a conversation, by `position`, is
    the one that it is scored with."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(
        default=100,
        help_text="The first card that is for a conversation scores it: 1 comes before 2.",
    )
    is_on = models.BooleanField(default=True, help_text="Off: nothing new is scored with it.")
    sample_share = models.FloatField(
        "share for people",
        default=0.05,
        help_text="Part of the scored conversations, 0 to 1, that people score as well, blindly.",
    )
    reviewers = models.PositiveSmallIntegerField(
        default=2, help_text="How many people score each of these, not knowing of each other."
    )
    least_kappa = models.FloatField(
        "least agreement",
        default=0.4,
        help_text="A question is not reliable where the lower end of its kappa's interval is below.",
    )

    class Meta:
        ordering = ["position", "pk"]
        permissions = [
            ("see_scores", "May see all scores"),
            ("score_conversations", "May score conversations and decide appeals"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sample_share__gte=0, sample_share__lte=1), name="a_share_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(reviewers__gte=1, reviewers__lte=5), name="one_to_five_people_score"
            ),
            models.CheckConstraint(
                condition=Q(least_kappa__gte=0, least_kappa__lt=1), name="agreement_below_one"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CardVersion(models.Model):
    """The questions of a card at a time. Empty places of "for which" mean all."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "In force"
        RETIRED = "retired", "Was in force"

    class By(models.TextChoices):
        ANYBODY = "", "The bot or a person"
        BOT = "bot", "The bot"
        AGENT = "agent", "A person"

    card = models.ForeignKey(ScoreCard, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    inbox = models.ForeignKey(
        "inboxes.Inbox", models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(
        max_length=20, blank=True, help_text="The kind of inbox: web, email. Empty: every one."
    )
    language = models.CharField(
        max_length=16, blank=True, help_text="Of the conversation: en, zh. Empty: every one."
    )
    answered_by = models.CharField(
        max_length=5, choices=By, blank=True, default="", help_text="Whose answers are scored."
    )
    fewest_words = models.PositiveSmallIntegerField(
        default=5,
        help_text="Of the customer and of whoever is scored; shorter ones are not scored.",
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["card", "-number"]
        verbose_name = "version of a card"
        verbose_name_plural = "versions of cards"
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="card_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["card"], condition=Q(state="published"), name="one_version_is_in_force"
            ),
            models.UniqueConstraint(
                fields=["card"], condition=Q(state="draft"), name="one_draft_of_a_card"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "retired"]),
                name="card_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | (~Q(state="draft") & Q(published_at__isnull=False)),
                name="what_was_published_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__in=["", "bot", "agent"]), name="who_is_scored_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.number}"


class CardSection(models.Model):
    version = models.ForeignKey(CardVersion, models.CASCADE, related_name="sections")
    title = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="card_sections_have_an_order"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CardQuestion(models.Model):
    """`code` is the same question in other versions and languages: reports put those together."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", "Yes or no"
        SCALE = "scale", "Scale from 1"
        TEXT = "text", "Text"

    version = models.ForeignKey(CardVersion, models.CASCADE, related_name="questions")
    section = models.ForeignKey(CardSection, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=1)
    code = models.SlugField(max_length=40, help_text="The same in all versions; reports use it.")
    text = models.CharField(max_length=200)
    advice = models.CharField(
        max_length=300, blank=True, help_text="What counts as what; people see it while they score."
    )
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.YES_NO)
    highest = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of a scale: 3, 5 or so."
    )
    may_not_apply = models.BooleanField(default=True, help_text="“Does not apply” can be answered.")
    weight = models.FloatField(default=1.0, help_text="In the total; 0: asked, and not counted.")
    is_fatal = models.BooleanField(default=False, help_text="A “no” makes the whole score 0.")
    judge = models.CharField(
        "answered by itself", max_length=20, blank=True, default="", choices=judge_choices
    )
    asked_if = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="followers",
        help_text="Only asked where this one was answered so. Of the same version, before it.",
    )
    asked_if_least = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="… with at least: 1 is yes, or a place on its scale."
    )
    asked_if_most = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="… with at most: 0 is no, or a place on its scale."
    )

    class Meta:
        ordering = ["version", "section__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="a_code_is_one_question"),
            models.UniqueConstraint(fields=["section", "position"], name="questions_have_an_order"),
            models.CheckConstraint(
                condition=Q(kind__in=["yes_no", "scale", "text"]),
                name="kind_of_card_question_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="scale", highest__gte=2, highest__lte=10)
                | (~Q(kind="scale") & Q(highest__isnull=True)),
                name="a_scale_has_two_to_ten_places",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100), name="a_weight_takes_nothing_away"
            ),
            models.CheckConstraint(
                condition=~Q(kind="text") | Q(weight=0, judge=""),
                name="words_are_not_counted",
            ),
            models.CheckConstraint(
                condition=Q(is_fatal=False) | Q(kind="yes_no"), name="only_a_no_is_fatal"
            ),
            models.CheckConstraint(
                condition=Q(asked_if__isnull=True, asked_if_least__isnull=True)
                & Q(asked_if_most__isnull=True)
                | Q(asked_if__isnull=False)
                & (Q(asked_if_least__isnull=False) | Q(asked_if_most__isnull=False)),
                name="a_condition_says_which_answer",
            ),
            models.CheckConstraint(
                condition=Q(asked_if__isnull=True) | ~Q(asked_if=F("id")),
                name="nothing_depends_on_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.text
