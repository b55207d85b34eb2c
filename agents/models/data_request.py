"""What was given out of a customer's data, and what was erased: the certificate, without any of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class DataRequest(models.Model):
    """One export, or one erasure. Of an erased customer nothing stays but their random id, so that it
    can be said that they were erased. `files` are such as still lie on the disk: they go after the
    rows, and are looked for until they are gone."""

    class Kind(models.TextChoices):
        EXPORT = "export", "Given out"
        ERASE = "erase", "Erased"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    customer = models.UUIDField(db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: by a command.",
    )
    reason = models.CharField(max_length=200, blank=True, help_text="Why; no personal data here.")
    at = models.DateTimeField()
    rows = models.JSONField(default=dict, help_text="How many of each table.")
    file_count = models.PositiveIntegerField("files", default=0)
    files = models.JSONField("files still to go", default=list)
    wording = models.JSONField(
        default=list,
        help_text="Articles for which a person approved one of the customer's questions, without "
        "personal data, as an example: an editor may want to look at them.",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "data request"
        permissions = [
            ("export_customers", "May give out all data of a customer"),
            ("erase_customers", "May erase customers for good"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["export", "erase"]), name="kind_of_data_request_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="erase") | Q(files=[], wording=[]),
                name="only_an_erasure_leaves_work",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="data_request_newest_first"),
            models.Index(fields=["id"], condition=~Q(files=[]), name="data_request_files_left"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
