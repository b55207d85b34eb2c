"""Groups of customers by what is known of them: an audience for offers."""

import uuid

from django.db import models
from django.db.models.functions import Lower


class Segment(models.Model):
    """A saved rule. Who belongs is asked when it matters, never kept: nobody stays in by accident."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    conditions = models.JSONField(
        default=dict,
        blank=True,
        help_text='A tree, such as {"all": [{"field": "language", "op": "is", "value": "de"}]}.',
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_segment_of_a_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_segment_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
