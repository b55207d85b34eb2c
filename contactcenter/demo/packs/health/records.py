"""Appointments of a patient who has proved who they are. What they take is between them and their doctor."""

from contactcenter.demo.packs.health.models import Appointment
from contactcenter.demo.packs.records import MOST, Known, Record


def records(who: Known) -> list[Record]:
    if not who.numbers:
        return []
    rows = Appointment.objects.filter(patient__number__in=who.numbers).select_related("doctor")
    return [
        Record(
            one.number,
            one.status,
            f"{one.doctor.name}, {one.starts_at:%-d %b %Y at %H:%M} UTC",
        )
        for one in rows.order_by("-starts_at")[:MOST]
    ]
