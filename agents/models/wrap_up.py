"""How a conversation ended, in the company's own words."""

from typing import Any

from django.db import models
from django.db.models import Q


class WrapUpCode(models.Model):
    """What an agent says it was about and how it ended; reports count them."""

    code = models.SlugField(max_length=40, unique=True, help_text="What programs see.")
    name = models.CharField(max_length=80, help_text="What agents see.")
    queues = models.ManyToManyField(
        "agents.Queue", blank=True, related_name="wrap_up_codes", help_text="None: every queue."
    )
    is_default = models.BooleanField(
        default=False, help_text="Taken when the time for wrapping up runs out."
    )
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = "wrap-up code"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_code"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def frame(self) -> dict[str, Any]:
        return {"code": self.code, "name": self.name, "is_default": self.is_default}
