"""The line of calls as one agent sees it."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from agents.access import visible_to
from agents.callbacks.models import Call
from agents.models import Agent

MOST = 100


def calls_for(agent: Agent) -> QuerySet[Call]:
    """What is not over: in my hand, then what is due by the place in line, then what has its time."""
    order = Case(
        When(state__in=Call.IN_HAND, agent=agent, then=Value(0)),
        When(state=Call.State.DUE, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        Call.objects.filter(ended_at=None, wish__conversation__in=visible_to(agent).values("pk"))
        .select_related("wish__conversation__customer", "agent", "queue")
        .annotate(order=order)
        .order_by("order", "place_from", "pk")
    )
