"""The interface of Kestrel Mobile."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import path

from contactcenter.demo.packs import identity
from contactcenter.demo.packs.door import Call, Refusal, door
from contactcenter.demo.packs.telecom import business
from contactcenter.demo.packs.telecom.models import Subscriber

PACK = "telecom"


@door(PACK, writes=True)
def identify(call: Call) -> dict[str, Any] | Refusal:
    """Customer number and hotline PIN."""
    number, pin = call.text("customer", most=20).upper(), call.text("pin", most=20)
    subscriber = Subscriber.objects.filter(number=number).first()
    is_right = subscriber is not None and identity.matches(subscriber.pin, PACK, number, pin)
    said = identity.admitted(PACK, number, is_right=is_right, at=call.at)
    if isinstance(said, Refusal) or subscriber is None:
        return said if isinstance(said, Refusal) else Refusal("wrong", "", status=403)
    return {"session": said, "name": subscriber.name}


@door(PACK)
def plan(call: Call) -> dict[str, Any]:
    who = identity.visitor(PACK, call.text("session"), at=call.at)
    return business.plan_of(Subscriber.objects.select_related("plan", "next_plan").get(number=who))


@door(PACK, writes=True)
def change(call: Call) -> dict[str, Any]:
    who = identity.visitor(PACK, call.text("session"), at=call.at)
    subscriber = Subscriber.objects.get(number=who)
    return business.change_plan(subscriber.pk, call.text("plan", most=16), at=call.at)


@door(PACK)
def disturbance(call: Call) -> dict[str, Any]:
    return business.disturbance_at(_postcode(call), at=call.at)


@door(PACK, writes=True)
def fault(call: Call) -> dict[str, Any]:
    return business.report_fault(
        postcode=_postcode(call),
        service=call.choice("service", business.SERVICES),
        since=call.text("since", most=80),
        phone=call.text("phone", most=40),
        at=call.at,
    )


@door(PACK, writes=True)
def complaint(call: Call) -> dict[str, Any]:
    email = call.text("email", most=254)
    try:
        validate_email(email)
    except ValidationError:
        why = "is no e-mail address"
        raise Refusal("invalid", f"email {why}.", status=400, fields={"email": why}) from None
    return business.complain(
        topic=call.choice("topic", business.TOPICS),
        story=call.text("story", most=2_000),
        wish=call.choice("wish", business.WISHES),
        email=email,
        at=call.at,
    )


def _postcode(call: Call) -> str:
    said = call.text("postcode", most=5)
    if not re.fullmatch(r"[0-9]{5}", said):
        why = "has five digits"
        raise Refusal("invalid", f"postcode {why}.", status=400, fields={"postcode": why})
    return said


urlpatterns = [
    path("identify", identify),
    path("plan", plan),
    path("plan/change", change),
    path("disturbances/find", disturbance),
    path("faults", fault),
    path("complaints", complaint),
]
