"""Tables and orders of a guest."""

from contactcenter.demo.packs.records import MOST, Known, Record
from contactcenter.demo.packs.restaurant.models import FoodOrder, Reservation


def records(who: Known) -> list[Record]:
    if not who.email:
        return []
    email = who.email.strip().lower()
    tables = [
        Record(
            one.number,
            one.get_status_display(),
            f"Table for {one.people}, {one.day:%-d %b %Y} at {one.time:%H:%M}",
            at=one.made_at,
        )
        for one in Reservation.objects.filter(email=email).order_by("-made_at")[:MOST]
    ]
    orders = [
        Record(
            one.number,
            one.get_status_display(),
            f"{one.get_how_display()}, due {one.due_at:%-d %b %H:%M}",
            f"{one.total} €",
            one.placed_at,
        )
        for one in FoodOrder.objects.filter(email=email).order_by("-placed_at")[:MOST]
    ]
    return sorted([*tables, *orders], key=lambda one: str(one.at), reverse=True)
