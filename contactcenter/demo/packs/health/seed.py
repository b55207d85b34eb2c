"""The books of the Linden Practice: the same ones at every seeding."""

from datetime import date, datetime, time, timedelta
from typing import Final

from contactcenter.demo.packs.health.business import ZONE
from contactcenter.demo.packs.health.models import (
    Appointment,
    Doctor,
    Medicine,
    Patient,
    Refill,
)
from contactcenter.demo.packs.identity import secret_digest
from contactcenter.demo.packs.numbers import working_day

PACK: Final = "health"
DOCTORS: Final = (
    ("Dr Anna Weiss", "魏安娜医生", "general"),
    ("Dr Tobias Brandt", "勃兰特医生", "general"),
    ("Dr Mei Chen", "陈梅医生", "children"),
    ("Dr Luca Ferri", "费里医生", "skin"),
    ("Jule Hartmann", "哈特曼治疗师", "physio"),
)
# number, name, in Chinese, born, end of the card; the demo page names the first
PATIENTS: Final = (
    ("LP-40112", "Sofia Lindqvist", "", date(1984, 3, 9), "7731"),
    ("LP-40126", "吴志强", "吴志强", date(1971, 8, 15), "2049"),
    ("LP-40139", "Peter Novak", "", date(1958, 10, 2), "5518"),
    ("LP-40145", "Leila Rahimi", "", date(1996, 5, 30), "9063"),
    ("LP-40158", "马晓燕", "马晓燕", date(1989, 12, 11), "3387"),
    ("LP-40163", "Jonas Eriksen", "", date(2001, 7, 7), "6420"),
)
# Names that no pharmacy has: nobody should take a demo for advice.
MEDICINES: Final = (
    ("Levandol 50", True), ("Cardiprex 5", True), ("Solvarin", True), ("Nocturel", False),
)  # fmt: skip


def seed(*, at: datetime) -> int:
    """Writes the doctors and patients that are missing, and counts them."""
    known = set(Doctor.objects.values_list("name", flat=True))
    doctors = Doctor.objects.bulk_create(
        Doctor(name=name, name_zh=name_zh, specialty=specialty)
        for name, name_zh, specialty in DOCTORS
        if name not in known
    )
    have = set(Patient.objects.values_list("number", flat=True))
    made = 0
    for place, (number, name, name_zh, born, card) in enumerate(PATIENTS):
        if number in have:
            continue
        patient = Patient.objects.create(
            number=number,
            name=name,
            name_zh=name_zh,
            birth_date=born,
            card=secret_digest(PACK, number, card),
        )
        _fill(patient, place, at=at)
        made += 1
    return len(doctors) + made


def _fill(patient: Patient, place: int, *, at: datetime) -> None:
    """Everybody takes three things, has fetched one before, and comes again soon."""
    rows = [
        Medicine(patient=patient, name=name, is_repeatable=repeatable)
        for step, (name, repeatable) in enumerate(MEDICINES)
        if step != place % 3
    ]
    first = Medicine.objects.bulk_create(rows)[0]
    asked = at - timedelta(days=6)
    Refill.objects.create(
        number=f"RX-{700_001 + place}",
        medicine=first,
        status=Refill.Status.READY,
        at=asked,
        ready_on=working_day(asked.date(), 2),
    )
    doctor = Doctor.objects.filter(specialty=Doctor.Specialty.SKIN).first()
    if doctor is not None:
        day = working_day(at.date(), 12 + place)
        Appointment.objects.create(
            number=f"AP-{400_001 + place}",
            doctor=doctor,
            starts_at=datetime.combine(day, time(9), ZONE),
            patient=patient,
            name=patient.name,
        )
