"""What Kestrel Mobile does: plans, disturbances, complaints."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.numbers import next_number, working_day
from contactcenter.demo.packs.telecom.models import (
    Complaint,
    Disturbance,
    FaultReport,
    Plan,
    Subscriber,
)

SERVICES: Final = frozenset({"mobile", "internet", "landline", "tv"})
TOPICS: Final = frozenset({"bill", "network", "contract", "service", "delivery"})
WISHES: Final = frozenset({"refund", "repair", "apology", "cancel"})
ANSWER_DAYS: Final = 10


def plan_of(subscriber: Subscriber) -> dict[str, Any]:
    """What they have, what comes, and what they could have instead."""
    plan = subscriber.plan
    others = Plan.objects.filter(is_sold=True).exclude(pk=plan.pk)
    return {
        "plan": _plan(plan),
        "bound_until": subscriber.bound_until.isoformat() if subscriber.bound_until else "",
        "next": _plan(subscriber.next_plan) if subscriber.next_plan else {},
        "others": [_plan(one) for one in others],
    }


def change_plan(subscriber_id: int, code: str, *, at: datetime) -> dict[str, Any]:
    """From the first of the next month; a cheaper plan not before the bound time is over."""
    subscriber = (
        Subscriber.objects.select_for_update(of=("self",))
        .select_related("plan")
        .get(pk=subscriber_id)
    )
    plan = Plan.objects.filter(code=code, is_sold=True).first()
    if plan is None:
        raise Refusal("not_found", "There is no such plan on sale.", status=404)
    starts = first_of_next_month(at.date())
    if plan == subscriber.plan or subscriber.next_plan is not None:
        raise Refusal("already", "They have this plan, or a change is under way.")
    bound = subscriber.bound_until
    if bound is not None and bound > starts and plan.price < subscriber.plan.price:
        raise Refusal(
            "bound", f"A cheaper plan is possible from {bound.isoformat()} on.", status=422
        )
    subscriber.next_plan, subscriber.changes_on = plan, starts
    subscriber.reference = f"PC-{subscriber.pk:05d}"
    subscriber.save(update_fields=["next_plan", "changes_on", "reference"])
    return {"reference": subscriber.reference, "starts": starts.isoformat(), "plan": _plan(plan)}


def disturbance_at(postcode: str, *, at: datetime) -> dict[str, Any]:
    """What is known for a place: `outage`, `works`, or `none`."""
    for one in Disturbance.objects.filter(is_over=False):
        if postcode.startswith(one.postcodes):
            return {
                "state": one.kind,
                "number": one.number,
                "cause": one.cause,
                "cause_zh": one.cause_zh,
                "services": one.services,
                "until": (at + timedelta(hours=one.hours)).strftime("%H:00"),
                "until_day": (at + timedelta(hours=one.hours)).date().isoformat(),
            }
    return {"state": "none", "number": ""}


def report_fault(
    *, postcode: str, service: str, since: str, phone: str, at: datetime
) -> dict[str, Any]:
    made = FaultReport.objects.create(
        number=next_number(FaultReport.objects.all(), "FR-", first=40_001),
        postcode=postcode,
        service=service,
        since=since,
        phone=phone,
        at=at,
    )
    return {"number": made.number, "call_by": working_day(at.date(), 1).isoformat()}


def complain(*, topic: str, story: str, wish: str, email: str, at: datetime) -> dict[str, Any]:
    made = Complaint.objects.create(
        number=next_number(Complaint.objects.all(), "CP-", first=20_001),
        topic=topic,
        story=story,
        wish=wish,
        email=email,
        at=at,
        answer_by=working_day(at.date(), ANSWER_DAYS),
    )
    return {"number": made.number, "answer_by": made.answer_by.isoformat()}


def first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _plan(plan: Plan) -> dict[str, Any]:
    size = f"{plan.gigabytes} GB" if plan.gigabytes else ""
    return {
        "code": plan.code,
        "name": plan.name,
        "name_zh": plan.name_zh,
        "price": float(plan.price),
        "label": f"{plan.name} ({size or 'no limit'}, {plan.price} €)",
        "label_zh": f"{plan.name_zh}（{size or '不限流量'}，{plan.price} 欧元）",
    }
