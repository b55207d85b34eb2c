"""Who writes to us, and how we know it is them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Company(models.Model):
    """An organisation whose people write to us; linked by hand, never guessed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True, help_text="Such as example.com.")
    attributes = models.JSONField(default=dict, blank=True)
    notes = models.TextField(blank=True, max_length=4000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "companies"
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_company_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_company_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A person outside. Nothing typed by hand makes two customers one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=16, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    company = models.ForeignKey(
        Company, models.SET_NULL, null=True, blank=True, related_name="customers"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        help_text="Their contact at the company, who is asked first.",
    )
    is_blocked = models.BooleanField(default=False)
    remembers = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Whether what they say of themselves is remembered; theirs to switch off.",
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        permissions = [("block_customers", "May block customers")]

    def __str__(self) -> str:
        return self.name or f"Visitor {str(self.uuid)[:4]}"


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


class CustomerNote(models.Model):
    """What agents should know of a customer, whatever the conversation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="notes")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(max_length=4000)
    is_pinned = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-is_pinned", "-pk"]

    def __str__(self) -> str:
        return f"Note {self.pk}"


class RecordChange(models.Model):
    """Who changed what in a customer's or a company's record: {field: {"old", "new"}}."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changes = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False, company__isnull=True)
                | Q(customer__isnull=True, company__isnull=False),
                name="a_change_is_of_one_record",
            )
        ]

    def __str__(self) -> str:
        return f"Change {self.pk}"
