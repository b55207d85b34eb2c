"""How far what customers say was read for what is worth remembering."""

from django.db import models


class MemoryProgress(models.Model):
    """One row: every message up to here has been read."""

    through_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Read up to {self.through_id}"
