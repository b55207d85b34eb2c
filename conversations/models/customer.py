"""Who writes to us, and how we know it is them."""

import uuid

from django.db import models
from django.db.models import Q


class Customer(models.Model):
    """A person outside. Nothing typed by hand makes two customers one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=16, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    is_blocked = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name or f"Customer {str(self.uuid)[:8]}"


class Identity(models.Model):
    """One address of a customer in one inbox; verified means signed by the company's site."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identities")
    inbox = models.ForeignKey("inboxes.Inbox", models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=200)
    verified_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "external_id"], name="one_customer_per_external_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.external_id} in {self.inbox_id}"


class Session(models.Model):
    """A browser's key to one conversation. Only the hash of the token is kept."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="sessions")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="sessions"
    )
    inbox = models.ForeignKey("inboxes.Inbox", models.CASCADE, related_name="+")
    origin = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="session_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"Session {self.pk}"
