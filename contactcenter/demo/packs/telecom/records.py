"""The contract of a subscriber who has proved who they are, and complaints under an address."""

from contactcenter.demo.packs.records import MOST, Known, Record
from contactcenter.demo.packs.telecom.models import Complaint, Subscriber


def records(who: Known) -> list[Record]:
    contracts = [
        Record(
            one.number,
            "Changes" if one.next_plan_id else "Running",
            f"{one.plan.name}"
            + (f", {one.next_plan.name} from {one.changes_on:%-d %b %Y}" if one.next_plan else ""),
            f"{one.plan.price} €",
        )
        for one in Subscriber.objects.filter(number__in=who.numbers).select_related(
            "plan", "next_plan"
        )
    ]
    complaints = [
        Record(
            one.number, "Open", f"About {one.topic}, answer by {one.answer_by:%-d %b %Y}", at=one.at
        )
        for one in (Complaint.objects.filter(email__iexact=who.email)[:MOST] if who.email else ())
    ]
    return [*contracts, *complaints]
