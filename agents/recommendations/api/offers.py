"""Recommendations in a conversation, over HTTP: beside the agent, and in the customer's own widget."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.case_views import CaseView, words_of
from agents.api.shapes import PROBLEMS
from agents.recommendations.actions.offering import offer
from agents.recommendations.actions.outcomes import tell
from agents.recommendations.models import Item, Showing
from agents.recommendations.rules.reasons import to_customer
from conversations.access import session_of
from conversations.api import Problem, Unauthorised
from conversations.errors import NotFound
from conversations.limits import Limit
from conversations.memory_api import OwnDoor
from conversations.models import Conversation

_OWN = {400: Problem, 401: Problem, 404: Problem, 429: Problem}
_asked = Limit(rate=1.0, burst=20)


class ShownShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    position = serializers.IntegerField()
    item = serializers.CharField(help_text="The business's own number for it.")
    kind = serializers.ChoiceField(choices=Item.Kind.choices)
    name = serializers.CharField()
    description = serializers.CharField()
    url = serializers.CharField()
    price = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    because = serializers.CharField()
    outcome = serializers.CharField()


class OffersShape(serializers.Serializer[Any]):
    silent = serializers.CharField(
        help_text="Why nothing is recommended: mood, complaint, often, busy, nothing, control; empty otherwise."
    )
    says = serializers.CharField()
    items = ShownShape(many=True)


class OfferWords(serializers.Serializer[Any]):
    did = serializers.ChoiceField(
        choices=["seen", "clicked", "dismissed"],
        help_text="It stands on the screen; it was opened or put into the reply; it was put away.",
    )


def offers_shape(row: Showing) -> dict[str, Any]:
    silent = row.silent or ("control" if row.control else "")
    says = "Drawn to have none, so that its worth can be told" if row.control else ""
    if row.silent:
        says = Showing.Silent(row.silent).label
    shown = () if silent else row.items.select_related("item").order_by("position")
    return {
        "silent": silent,
        "says": says,
        "items": [
            {
                "id": str(one.uuid),
                "position": one.position,
                "item": one.item.key,
                "kind": one.item.kind,
                "name": one.item.name,
                "description": one.item.description[:300],
                "url": one.item.url,
                "price": None if one.item.price is None else str(one.item.price),
                "currency": one.item.currency,
                "because": one.because,
                "outcome": one.outcome,
            }
            for one in shown
            if one.outcome != "dismissed"
        ],
    }


class OffersApi(CaseView):
    """What could be offered to this customer now, with reasons; or why nothing."""

    @extend_schema(responses={200: OffersShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        _, conversation = self.case(request, key)
        return Response(offers_shape(offer(conversation, place="console", at=timezone.now())))


class OfferApi(CaseView):
    @extend_schema(request=OfferWords, responses={200: OffersShape, **PROBLEMS})
    def post(self, request: Request, key: UUID, shown: UUID) -> Response:
        """What became of one; answers what is left."""
        _, conversation = self.case(request, key)
        did, at = words_of(OfferWords, request)["did"], timezone.now()
        row = tell(conversation=conversation, place="console", key=shown, did=did, at=at)
        return Response(offers_shape(row.showing))


class _OwnCase(OwnDoor):
    """A customer at the door of their own conversation."""

    def conversation(self, request: Request) -> Conversation:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        known = session_of(token.strip(), at=timezone.now()) if scheme.lower() == "bearer" else None
        if known is None:
            raise Unauthorised("This token is not known, or no longer good.")
        _asked.check(str(known.pk))
        found = Conversation.objects.select_related("inbox", "customer").get(
            pk=known.conversation_id
        )
        if found.customer_id != known.customer_id:
            raise NotFound("There is no such conversation.")
        return found


class OwnOffersApi(_OwnCase):
    @extend_schema(responses={200: OffersShape, **_OWN}, auth=[])
    def get(self, request: Request) -> Response:
        """What is recommended to me here."""
        talk = self.conversation(request)
        row = offer(talk, place="widget", at=timezone.now())
        told = offers_shape(row)
        for one in told["items"]:
            one["because"] = to_customer(one["because"], talk.language)
        # Why there is nothing is not for the customer.
        return Response({**told, "says": "", "silent": "" if row.items.exists() else "silent"})


class OwnOfferApi(_OwnCase):
    @extend_schema(request=OfferWords, responses={204: None, **_OWN}, auth=[])
    def post(self, request: Request, shown: UUID) -> Response:
        """I saw it, opened it, or put it away."""
        did = words_of(OfferWords, request)["did"]
        tell(
            conversation=self.conversation(request),
            place="widget",
            key=shown,
            did=did,
            at=timezone.now(),
        )
        return Response(status=204)
