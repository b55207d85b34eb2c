"""What the search reads: the words of messages and of customers, and how far they were read."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class IndexedMessage(models.Model):
    """A message's words. What the search filters by stands beside them."""

    message = models.OneToOneField(
        "conversations.Message", models.CASCADE, primary_key=True, related_name="+"
    )
    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="+")
    inbox = models.ForeignKey(
        "inboxes.Inbox", models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    words = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="indexed_message_words"),
            models.Index(fields=["created_at", "message"], name="indexed_message_when"),
            models.Index(
                fields=["agent", "created_at"],
                condition=Q(agent__isnull=False),
                name="indexed_message_agent",
            ),
        ]

    def __str__(self) -> str:
        return f"Words of message {self.pk}"


class IndexedCustomer(models.Model):
    """A customer's name and addresses. A trigger says when they changed, whoever changed them."""

    customer = models.OneToOneField(
        "conversations.Customer", models.CASCADE, primary_key=True, related_name="+"
    )
    words = SearchVectorField(null=True)
    is_stale = models.BooleanField(default=True)

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="indexed_customer_words"),
            models.Index(
                fields=["customer"], condition=Q(is_stale=True), name="indexed_customer_stale"
            ),
        ]

    def __str__(self) -> str:
        return f"Words of customer {self.pk}"


class SearchProgress(models.Model):
    """One row: every message up to here has been read."""

    through_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Read up to {self.through_id}"
