"""What the demo businesses know about a customer, for the agent who talks with them."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agents.access import visible_to
from agents.models import Agent
from contactcenter.demo.packs.records import businesses_in, known_as, records_of
from contactcenter.demo.queries import orders_of
from contactcenter.demo.words import ENGLISH
from conversations.models import Customer


@require_safe
@never_cache
def customer_orders(request: HttpRequest, customer: uuid.UUID) -> HttpResponse:
    """A fragment: what the businesses that the customer talked with have of them, for an agent of theirs:
    orders and bookings under the e-mail address, contracts under a number that was proved.

    An address may have been typed by anybody; `is_verified` says whether the company's own site
    has signed who this is, so that the agent asks before telling a stranger about an order.
    """
    agent = request.user
    if not isinstance(agent, Agent):
        raise PermissionDenied
    seen = visible_to(agent).filter(customer=OuterRef("pk"))
    found = get_object_or_404(Customer, Exists(seen), uuid=customer)
    theirs = visible_to(agent).filter(customer=found)
    who, spoken_with = known_as(found.email, theirs), businesses_in(theirs)
    return render(
        request,
        "shop/_customer_orders.html",
        {
            "email": who.email,
            "has_shop": not spoken_with or any(one.name == "retail" for one in spoken_with),
            "orders": orders_of(who.email, ENGLISH),
            "is_verified": found.identities.exists(),
            "businesses": [
                (one.title["en"], records_of(one.name, who))
                for one in spoken_with
                if one.name != "retail"
            ],
            "is_proved": bool(who.numbers),
        },
    )
