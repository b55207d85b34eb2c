"""What a queue's waits have taught: one row for each queue."""

from django.db import models


class QueuePace(models.Model):
    """Kept by `agents.actions.promises`; read and compared by `agents.rules.waits.Pace`."""

    queue = models.OneToOneField(
        "agents.Queue", models.CASCADE, related_name="pace", primary_key=True
    )
    learned_until = models.DateTimeField(
        null=True, blank=True, help_text="Departures up to this moment are in it."
    )
    row = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "paces"

    def __str__(self) -> str:
        return f"Pace of queue {self.queue_id}"
