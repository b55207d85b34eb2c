"""Northbridge Bank: its customers, their accounts, cards, transfers and applications."""

from typing import Self

from django.db import models
from django.db.models import Q


class Client(models.Model):
    number = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField("name in Chinese", max_length=60, blank=True)
    birth_date = models.DateField()
    code = models.CharField("digest of the telephone code", max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^NB-[0-9]{6}$"), name="client_number_is_nb_six_digits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Account(models.Model):
    class Kind(models.TextChoices):
        CURRENT = "current", "Current account"
        SAVINGS = "savings", "Savings account"

    client = models.ForeignKey(Client, models.CASCADE, related_name="accounts")
    iban = models.CharField("IBAN", max_length=34, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    balance = models.DecimalField(max_digits=12, decimal_places=2)
    held = models.DecimalField("held back", max_digits=12, decimal_places=2, default=0)
    overdraft = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held__gte=0, overdraft__gte=0), name="held_and_overdraft_are_no_debts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.iban[:4]} … {self.iban[-4:]}"


class Card(models.Model):
    class Kind(models.TextChoices):
        DEBIT = "debit", "Debit card"
        CREDIT = "credit", "Credit card"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        BLOCKED = "blocked", "Blocked"

    account = models.ForeignKey(Account, models.CASCADE, related_name="cards")
    # No more of the number is kept than what stands on a receipt.
    last_four = models.CharField(max_length=4)
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    blocked_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField("reference of the block", max_length=12, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_four__regex=r"^[0-9]{4}$"), name="four_digits_of_a_card"
            ),
            models.CheckConstraint(
                condition=Q(status="active", blocked_at=None)
                | Q(status="blocked", blocked_at__isnull=False),
                name="a_blocked_card_knows_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} … {self.last_four}"


class TransferQuerySet(models.QuerySet["Transfer"]):
    def of(self, client: Client) -> Self:
        return self.filter(account__client=client)


class Transfer(models.Model):
    class Status(models.TextChoices):
        RECEIVED = "received", "Received"
        CHECKING = "checking", "Being checked"
        SENT = "sent", "Sent"
        COMPLETED = "completed", "Completed"
        RETURNED = "returned", "Returned"

    number = models.CharField(max_length=9, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="transfers")
    payee = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    status = models.CharField(max_length=10, choices=Status)
    placed_at = models.DateTimeField()
    due_on = models.DateField("with the payee on")

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^TR-[0-9]{6}$"), name="transfer_is_tr_six_digits"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_transfer_moves_money"),
        ]

    def __str__(self) -> str:
        return self.number


class LoanApplication(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", "Being decided"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    number = models.CharField(max_length=9, unique=True)
    client = models.ForeignKey(Client, models.CASCADE, related_name="applications")
    amount = models.PositiveIntegerField()
    months = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=20)
    income = models.PositiveIntegerField("net income a month")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(status="open"), name="one_open_application_a_client"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=1000, amount__lte=50_000, months__gte=12, months__lte=84),
                name="a_loan_is_within_the_limits",
            ),
        ]

    def __str__(self) -> str:
        return self.number
