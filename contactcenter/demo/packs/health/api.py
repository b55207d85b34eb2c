"""The interface of the Linden Practice."""

from typing import Any

from django.urls import path

from contactcenter.demo.packs import identity
from contactcenter.demo.packs.door import Call, Refusal, door
from contactcenter.demo.packs.health import business
from contactcenter.demo.packs.health.models import Doctor, Patient

PACK = "health"


def _patient(call: Call) -> Patient:
    who = identity.visitor(PACK, call.text("session"), at=call.at)
    return Patient.objects.get(number=who)


@door(PACK, writes=True)
def identify(call: Call) -> dict[str, Any] | Refusal:
    """Patient number, date of birth and the last four digits of the insurance card."""
    number, card = call.text("patient", most=20).upper(), call.text("card", most=20)
    born = call.day("birth_date")
    patient = Patient.objects.filter(number=number).first()
    is_right = (
        patient is not None
        and patient.birth_date == born
        and identity.matches(patient.card, PACK, number, card)
    )
    said = identity.admitted(PACK, number, is_right=is_right, at=call.at)
    if isinstance(said, Refusal) or patient is None:
        return said if isinstance(said, Refusal) else Refusal("wrong", "", status=403)
    return {"session": said, "name": patient.name}


@door(PACK)
def times(call: Call) -> dict[str, Any]:
    specialty = call.choice("specialty", set(Doctor.Specialty.values))
    return business.free_times(specialty, call.day("day"), at=call.at)


@door(PACK, writes=True)
def book(call: Call) -> dict[str, Any]:
    """For a patient who has been identified, or for somebody new who says name and telephone."""
    if call.optional("session"):
        patient, name, phone = _patient(call), "", call.optional("phone", most=40)
    else:
        patient, name = None, call.text("name", most=120)
        phone = call.text("phone", most=40)
    return business.book(
        call.choice("specialty", set(Doctor.Specialty.values)),
        call.day("day"),
        call.text("time", most=5),
        patient=patient,
        name=name,
        phone=phone,
        at=call.at,
    )


@door(PACK)
def appointments(call: Call) -> dict[str, Any]:
    return business.upcoming(_patient(call), at=call.at)


@door(PACK, writes=True)
def cancel(call: Call) -> dict[str, Any]:
    return business.cancel(_patient(call), call.text("number", most=20))


@door(PACK)
def medicines(call: Call) -> dict[str, Any]:
    return business.medicines(_patient(call))


@door(PACK, writes=True)
def refill(call: Call) -> dict[str, Any]:
    return business.refill(_patient(call), call.text("medicine", most=80), at=call.at)


urlpatterns = [
    path("identify", identify),
    path("times", times),
    path("appointments", book),
    path("appointments/list", appointments),
    path("appointments/cancel", cancel),
    path("medicines", medicines),
    path("refills", refill),
]
