"""What the bot of an inbox did on one day."""

from django.db import models


class BotUsage(models.Model):
    """Counted while it happens; days begin at midnight UTC."""

    inbox = models.ForeignKey("inboxes.Inbox", models.CASCADE, related_name="bot_usage")
    day = models.DateField()
    answers = models.PositiveIntegerField(default=0, help_text="Answers and questions back.")
    by_model = models.PositiveIntegerField(default=0, help_text="Those in the model's words.")
    tokens = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-day", "inbox"]
        verbose_name = "bot usage"
        verbose_name_plural = "bot usage"
        constraints = [
            models.UniqueConstraint(fields=["inbox", "day"], name="usage_is_counted_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.answers} answers on {self.day}"
