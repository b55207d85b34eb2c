"""Cards, transfers and applications of a client who has proved who they are. Balances stay in the bank."""

from contactcenter.demo.packs.banking.models import Card, LoanApplication, Transfer
from contactcenter.demo.packs.records import MOST, Known, Record


def records(who: Known) -> list[Record]:
    if not who.numbers:
        return []
    of = {"account__client__number__in": who.numbers}
    cards = [
        Record(
            f"•••• {one.last_four}",
            one.get_status_display(),
            one.get_kind_display(),
            at=one.blocked_at,
        )
        for one in Card.objects.filter(**of)
    ]
    loans = [
        Record(
            one.number,
            one.get_status_display(),
            f"Loan over {one.months} months",
            f"{one.amount} €",
            one.at,
        )
        for one in LoanApplication.objects.filter(client__number__in=who.numbers)[:MOST]
    ]
    transfers = [
        Record(
            one.number,
            one.get_status_display(),
            f"Transfer to {one.payee}",
            f"{one.amount} €",
            one.placed_at,
        )
        for one in Transfer.objects.filter(**of).order_by("-placed_at")[:MOST]
    ]
    return [*cards, *loans, *transfers]
