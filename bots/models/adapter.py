"""What the language model was taught: adapters, and how one does beside the one that answers."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from bots.models.trace import BotTrace

LARGEST = 32_000_000  # bytes of an adapter's weights


class Adapter(models.Model):
    """A trained adapter with its card. The weights are kept here, so that every machine's worker has them
    and a backup of the database has all that answers depend on."""

    class State(models.TextChoices):
        TRAINED = "trained", "Trained"
        SHADOW = "shadow", "Tried beside the live one"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=16, unique=True, help_text="Names its files.")
    base_digest = models.CharField(max_length=16, help_text="Of the weights it was trained beside.")
    weights = models.BinaryField()
    config = models.TextField(help_text="peft's own, as JSON.")
    card = models.JSONField(help_text="What it learnt from, and its figures before and after.")
    state = models.CharField(max_length=7, choices=State, default=State.TRAINED)
    share = models.FloatField(
        default=0.2, help_text="Of the turns that a model may write, how many it is tried with."
    )
    trouble = models.CharField(
        max_length=24, blank=True, help_text="Why the worker could not load it, if it could not."
    )
    created_at = models.DateTimeField()
    since = models.DateTimeField(help_text="In this state.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    before = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="What was live when it went live; one click goes back there.",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("adopt_adapter", "Can make adapters live and roll them back")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="live"), name="one_adapter_is_live"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="shadow"), name="one_adapter_is_tried"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["trained", "shadow", "live", "retired"]),
                name="the_state_of_an_adapter_is_known",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="a_share_of_turns_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.digest[:8]})"


class ShadowAnswer(models.Model):
    """What an adapter would have said in a real turn: kept and compared, never sent. Personal data
    stands here as placeholders; it goes with its turn, and that with its conversation."""

    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="shadows")
    turn = models.ForeignKey(BotTrace, models.CASCADE, related_name="shadows")
    at = models.DateTimeField()
    text = models.TextField(blank=True, help_text="Empty: the articles would have spoken.")
    kept = models.PositiveIntegerField(help_text="Sentences that the articles bear out.")
    dropped = models.PositiveIntegerField(help_text="Sentences that they do not.")
    seconds = models.FloatField()
    live_text = models.TextField(blank=True)
    live_kept = models.PositiveIntegerField()
    live_dropped = models.PositiveIntegerField()
    live_seconds = models.FloatField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["adapter", "turn"], name="an_adapter_is_tried_once_a_turn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.adapter_id} in turn {self.turn_id}"
