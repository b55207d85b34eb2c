"""When something was recommended, or was not and why; everything that its worth is computed from."""

import uuid

from django.db import models
from django.db.models import Q


class OfferRules(models.Model):
    """How much is offered, where, and how often. One row for an inbox, or for all others."""

    inbox = models.OneToOneField(
        "inboxes.Inbox", models.CASCADE, null=True, blank=True, related_name="offer_rules",
        help_text="Empty: all others.",
    )  # fmt: skip
    console = models.BooleanField("shown to agents", default=True)
    widget = models.BooleanField("shown to customers", default=False)
    many = models.PositiveSmallIntegerField("at a time", default=3)
    control_percent = models.PositiveSmallIntegerField(
        "without, in percent", default=10,
        help_text="Conversations that are drawn to have none, so that its worth can be told.",
    )  # fmt: skip
    explore_percent = models.PositiveSmallIntegerField(
        "by chance, in percent", default=10,
        help_text="Places that are drawn among the eligible items; the chance is logged.",
    )  # fmt: skip
    most_a_week = models.PositiveSmallIntegerField(
        default=3,
        help_text="Conversations of one customer in seven days in which something is shown.",
    )
    busy_from = models.FloatField(
        default=0.8,
        help_text="Customers waiting for each agent who is online, from which the widget is silent.",
    )

    class Meta:
        verbose_name_plural = "offer rules"
        constraints = [
            models.UniqueConstraint(
                fields=["inbox"], nulls_distinct=False, name="one_set_of_offer_rules_for_an_inbox"
            ),
            models.CheckConstraint(
                condition=Q(many__range=(1, 10))
                & Q(control_percent__lte=50)
                & Q(explore_percent__lte=50)
                & Q(busy_from__gt=0),
                name="offer_rules_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return str(self.inbox) if self.inbox else "All other inboxes"


class Showing(models.Model):
    """One moment in a conversation at which something could be recommended.

    `silent` says why nothing was; `control` that it was drawn to have none: its candidates are what would have
    been shown. `before` are the customer's own figures at that moment, by which chance differences are evened out.
    """

    class Place(models.TextChoices):
        CONSOLE = "console", "Beside the agent"
        WIDGET = "widget", "In the widget"

    class Silent(models.TextChoices):
        NO = "", "–"
        MOOD = "mood", "The customer sounds unhappy"
        COMPLAINT = "complaint", "It is a complaint"
        OFTEN = "often", "Shown often enough"
        BUSY = "busy", "Too many wait, or nobody is there"
        NOTHING = "nothing", "Nothing is eligible"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="showings"
    )
    customer = models.ForeignKey("conversations.Customer", models.CASCADE, related_name="showings")
    place = models.CharField(max_length=7, choices=Place)
    silent = models.CharField(max_length=9, choices=Silent, blank=True)
    control = models.BooleanField(default=False)
    control_percent = models.PositiveSmallIntegerField()
    candidates = models.JSONField(default=list, help_text="Items' keys with scores, best first.")
    before = models.JSONField(default=dict)
    model = models.ForeignKey(
        "recommendations.ServedModel", models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Empty: by what is popular.",
    )  # fmt: skip
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    clicked_at = models.DateTimeField(null=True, blank=True)
    bought_at = models.DateTimeField(
        null=True, blank=True, help_text="One of its candidates, within fourteen days."
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-at"], name="showing_of_customer"),
            models.Index(fields=["at"], condition=Q(settled_at=None), name="showing_to_settle"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "place"], name="one_showing_in_a_conversation_and_place"
            ),
            models.CheckConstraint(
                condition=Q(place__in=["console", "widget"]), name="place_of_showing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()}, {self.at:%Y-%m-%d %H:%M}"


class Shown(models.Model):
    """One item at its place in a showing, with the chance it had to stand there."""

    class Outcome(models.TextChoices):
        NONE = "", "–"
        CLICKED = "clicked", "Opened, or put into the reply"
        DISMISSED = "dismissed", "Put away"
        BOUGHT = "bought", "Bought"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    showing = models.ForeignKey(Showing, models.CASCADE, related_name="items")
    item = models.ForeignKey("recommendations.Item", models.CASCADE, related_name="shown")
    position = models.PositiveSmallIntegerField(help_text="From 1.")
    propensity = models.FloatField()
    score = models.FloatField()
    because = models.CharField(max_length=300)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["showing", "position"]
        verbose_name_plural = "shown items"
        constraints = [
            models.UniqueConstraint(fields=["showing", "position"], name="one_item_at_a_position"),
            models.UniqueConstraint(fields=["showing", "item"], name="an_item_once_in_a_showing"),
            models.CheckConstraint(
                condition=Q(propensity__gt=0, propensity__lte=1), name="a_propensity_is_a_chance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.item_id}"
