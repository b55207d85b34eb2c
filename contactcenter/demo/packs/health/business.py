"""What the Linden Practice does: appointments and repeat prescriptions. It gives no advice."""

from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.health.models import (
    Appointment,
    Doctor,
    Medicine,
    Patient,
    Refill,
)
from contactcenter.demo.packs.numbers import next_number, working_day

ZONE: Final = ZoneInfo("Europe/Berlin")
AHEAD_DAYS: Final = 60
MORNING, AFTERNOON = (time(8, 30), time(12)), (time(14), time(17, 30))
LENGTH: Final = timedelta(minutes=30)
# What is offered first; of these some are always kept for who books by themselves.
OFFERED: Final = ("08:30", "10:00", "11:00", "14:30", "16:00")
KEPT: Final = frozenset({"10:00", "14:30"})
REFILL_DAYS: Final = 2


def free_times(specialty: str, day: date, *, at: datetime) -> dict[str, Any]:
    """Free times on that day, or on the next day that has some; at most a few, each once."""
    last = at.date() + timedelta(days=AHEAD_DAYS)
    if not at.date() <= day <= last:
        raise Refusal("outside", f"From today to {last.isoformat()}.", status=422)
    while day <= last:
        free = _free_on(specialty, day, at=at)
        if free:
            return {"day": day.isoformat(), "times": _few(free)}
        day += timedelta(days=1)
    return {"day": "", "times": []}


def _few(free: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each time once, of the first doctor who has it."""
    once = {one["time"]: one for one in reversed(free)}
    usual = [once[at] for at in OFFERED if at in once]
    return usual or [once[at] for at in sorted(once)][: len(OFFERED)]


def _free_on(specialty: str, day: date, *, at: datetime) -> list[dict[str, Any]]:
    if day.weekday() >= 5:
        return []
    doctors = list(Doctor.objects.filter(specialty=specialty))
    begins = datetime.combine(day, time(0), ZONE)
    taken = set(
        Appointment.objects.filter(
            doctor__in=doctors,
            is_cancelled=False,
            starts_at__range=(begins, begins + timedelta(days=1)),
        ).values_list("doctor_id", "starts_at")
    )
    found = [
        {
            "doctor_id": doctor.pk,
            "time": f"{start:%H:%M}",
            "doctor": doctor.name,
            "doctor_zh": doctor.name_zh,
            "label": f"{start:%H:%M} {doctor.name}",
        }
        for doctor in doctors
        for start in _starts(day)
        if start > at and (doctor.pk, start) not in taken and not _is_busy(doctor, start)
    ]
    return sorted(found, key=lambda one: (one["time"], one["doctor_id"]))


def _starts(day: date) -> list[datetime]:
    found = []
    for opens, closes in (MORNING, AFTERNOON):
        start = datetime.combine(day, opens, ZONE)
        while start.time() < closes:
            found.append(start)
            start += LENGTH
    return found


def _is_busy(doctor: Doctor, start: datetime) -> bool:
    """The regulars of a practice: the same ones however often one looks."""
    if f"{start:%H:%M}" in KEPT:
        return False
    return sha256(f"{doctor.name} {start:%Y%m%d%H%M}".encode()).digest()[0] < 120


def book(
    specialty: str,
    day: date,
    time_of_day: str,
    *,
    patient: Patient | None,
    name: str,
    phone: str,
    at: datetime,
) -> dict[str, Any]:
    """The time is taken once, with the first doctor who has it; who comes too late is told so."""
    list(Doctor.objects.select_for_update().filter(specialty=specialty).order_by("pk"))
    free = [one for one in _free_on(specialty, day, at=at) if one["time"] == time_of_day]
    if not free or day > at.date() + timedelta(days=AHEAD_DAYS):
        raise Refusal("gone", "This time is not free.")
    made = Appointment.objects.create(
        number=next_number(Appointment.objects.all(), "AP-", first=500_001),
        doctor_id=free[0]["doctor_id"],
        starts_at=datetime.combine(day, time.fromisoformat(time_of_day), ZONE),
        patient=patient,
        name=patient.name if patient else name,
        phone=phone,
    )
    return {
        "number": made.number,
        "day": day.isoformat(),
        "time": time_of_day,
        "doctor": free[0]["doctor"],
        "doctor_zh": free[0]["doctor_zh"],
    }


def upcoming(patient: Patient, *, at: datetime) -> dict[str, Any]:
    coming = patient.appointments.filter(is_cancelled=False, starts_at__gt=at)
    return {
        "appointments": [
            {
                "number": one.number,
                "label": f"{one.starts_at.astimezone(ZONE):%Y-%m-%d %H:%M} {one.doctor.name}",
            }
            for one in coming.select_related("doctor")
        ]
    }


def cancel(patient: Patient, number: str) -> dict[str, Any]:
    held = (
        patient.appointments.select_for_update(of=("self",))
        .filter(number=number.upper(), is_cancelled=False)
        .first()
    )
    if held is None:
        raise Refusal("not_found", "There is no such appointment of this patient.", status=404)
    held.is_cancelled = True
    held.save(update_fields=["is_cancelled"])
    return {"number": held.number}


def medicines(patient: Patient) -> dict[str, Any]:
    """What they take, and how far what they asked for is."""
    rows = [{"name": one.name, "repeatable": one.is_repeatable} for one in patient.medicines.all()]
    last = Refill.objects.filter(medicine__patient=patient).select_related("medicine").first()
    said = {
        "number": last.number,
        "medicine": last.medicine.name,
        "status": last.status,
        "ready_on": last.ready_on.isoformat(),
    } if last else {"number": ""}  # fmt: skip
    return {"medicines": rows, "last": said}


def refill(patient: Patient, medicine: str, *, at: datetime) -> dict[str, Any]:
    """Asked for once; ready after two working days, when a doctor has looked at it."""
    found = Medicine.objects.select_for_update().filter(name=medicine, patient=patient).first()
    if found is None:
        raise Refusal("not_found", "This patient does not take that.", status=404)
    if not found.is_repeatable:
        raise Refusal("must_come", "The doctor wants to see the patient first.", status=422)
    if found.refills.filter(status=Refill.Status.ASKED).exists():
        raise Refusal("already_asked", "It has been asked for already.")
    made = Refill.objects.create(
        number=next_number(Refill.objects.all(), "RX-", first=800_001),
        medicine=found,
        at=at,
        ready_on=working_day(at.date(), REFILL_DAYS),
    )
    return {"number": made.number, "ready_on": made.ready_on.isoformat(), "name": found.name}
