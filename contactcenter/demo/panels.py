"""What the shop knows about a customer, for the agent who talks with them."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agents.access import visible_to
from agents.models import Agent
from contactcenter.demo.queries import orders_of
from contactcenter.demo.words import ENGLISH
from conversations.models import Customer


@require_safe
@never_cache
def customer_orders(request: HttpRequest, customer: uuid.UUID) -> HttpResponse:
    """A fragment: the latest orders under the customer's e-mail address, for an agent of theirs.

    An address may have been typed by anybody; `is_verified` says whether the company's own site
    has signed who this is, so that the agent asks before telling a stranger about an order.
    """
    agent = request.user
    if not isinstance(agent, Agent):
        raise PermissionDenied
    seen = visible_to(agent).filter(customer=OuterRef("pk"))
    found = get_object_or_404(Customer, Exists(seen), uuid=customer)
    return render(
        request,
        "shop/_customer_orders.html",
        {
            "email": found.email,
            "orders": orders_of(found.email, ENGLISH),
            "is_verified": found.identities.exists(),
        },
    )
