"""What Northbridge Bank does for a customer who has been identified."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from contactcenter.demo.packs.banking.models import (
    Card,
    Client,
    LoanApplication,
    Transfer,
)
from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.numbers import next_number, working_day

# Net income: the instalment may take no more than this share of it.
AFFORDABLE: Final = Decimal("0.35")
LOAN_LEAST, LOAN_MOST = 1_000, 50_000
MONTHS_LEAST, MONTHS_MOST = 12, 84
# Up to so many months, interest a year in percent.
RATES: Final = ((24, Decimal("5.49")), (48, Decimal("6.19")), (84, Decimal("6.89")))
PURPOSES: Final = frozenset({"car", "home", "debts", "studies", "other"})
REASONS: Final = frozenset({"lost", "stolen", "misused", "damaged"})
REPLACEMENT_DAYS: Final = 5


def overview(client: Client) -> list[dict[str, Any]]:
    """All accounts; what is available is the balance with the overdraft, without what is held back."""
    return [
        {
            "id": account.pk,
            "kind": account.kind,
            "tail": account.iban[-4:],
            "balance": float(account.balance),
            "held": float(account.held),
            "available": float(account.balance + account.overdraft - account.held),
            "currency": "EUR",
        }
        for account in client.accounts.all()
    ]


def cards_of(client: Client) -> list[dict[str, Any]]:
    """Cards that still work."""
    cards = Card.objects.filter(account__client=client, status=Card.Status.ACTIVE)
    return [{"kind": card.kind, "tail": card.last_four} for card in cards]


def block_card(
    client: Client, tail: str, *, reason: str, replace: bool, at: datetime
) -> dict[str, Any]:
    """At once and for good; a new card follows if it is wanted, free unless it was damaged."""
    card = (
        Card.objects.select_for_update(of=("self",))
        .filter(last_four=tail, account__client=client)
        .order_by("status")  # one that still works before one that is blocked
        .first()
    )
    if card is None:
        raise Refusal("not_found", "There is no such card of this customer.", status=404)
    if card.status == Card.Status.BLOCKED:
        raise Refusal("already_blocked", "This card is blocked already.")
    card.status, card.blocked_at = Card.Status.BLOCKED, at
    card.reference = f"BL-{card.pk:06d}"
    card.save(update_fields=["status", "blocked_at", "reference"])
    arrives = working_day(at.date(), REPLACEMENT_DAYS)
    return {
        "reference": card.reference,
        "tail": card.last_four,
        "reason": reason,
        "replacement": replace,
        "arrives": arrives.isoformat() if replace else "",
        "fee": 9 if replace and reason == "damaged" else 0,
    }


def transfer_of(client: Client, number: str) -> dict[str, Any]:
    transfer = Transfer.objects.of(client).filter(number=number.upper()).first()
    if transfer is None:
        raise Refusal("not_found", "There is no such transfer of this customer.", status=404)
    return {
        "number": transfer.number,
        "payee": transfer.payee,
        "amount": float(transfer.amount),
        "status": transfer.status,
        "placed_on": transfer.placed_at.date().isoformat(),
        "due_on": transfer.due_on.isoformat(),
    }


def quote(amount: int, months: int) -> dict[str, Any]:
    """The instalment of an annuity, to the cent, and what it costs in all."""
    _check_loan(amount, months)
    rate = next(rate for longest, rate in RATES if months <= longest)
    monthly = _instalment(Decimal(amount), rate, months)
    return {"rate": float(rate), "monthly": float(monthly), "total": float(monthly * months)}


def apply_for_loan(
    client: Client, *, amount: int, months: int, purpose: str, income: int, at: datetime
) -> dict[str, Any]:
    """One application at a time; an instalment that is too high is refused before anybody looks."""
    said = quote(amount, months)
    if Decimal(str(said["monthly"])) > AFFORDABLE * income:
        raise Refusal("too_much", "The instalment is more than 35 % of the net income.", status=422)
    Client.objects.select_for_update().get(pk=client.pk)
    if client.applications.filter(status=LoanApplication.Status.OPEN).exists():
        raise Refusal("already_open", "An application of this customer is being decided.")
    made = LoanApplication.objects.create(
        number=next_number(LoanApplication.objects.all(), "LA-", first=300_001),
        client=client,
        amount=amount,
        months=months,
        purpose=purpose,
        income=income,
        at=at,
    )
    return said | {
        "number": made.number,
        "decided_by": working_day(at.date(), 2).isoformat(),
    }


def _check_loan(amount: int, months: int) -> None:
    if not LOAN_LEAST <= amount <= LOAN_MOST or not MONTHS_LEAST <= months <= MONTHS_MOST:
        raise Refusal(
            "outside_limits",
            f"{LOAN_LEAST} to {LOAN_MOST} EUR over {MONTHS_LEAST} to {MONTHS_MOST} months.",
            status=422,
        )


def _instalment(amount: Decimal, rate: Decimal, months: int) -> Decimal:
    month = rate / 1200
    grown = (1 + month) ** months
    return (amount * month * grown / (grown - 1)).quantize(Decimal("0.01"), ROUND_HALF_UP)
