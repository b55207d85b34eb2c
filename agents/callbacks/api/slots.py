"""The times at which somebody can be called, for customers and for agents; and a call that an agent books."""

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, conversation_for
from agents.api.case_views import words_of
from agents.api.shapes import PROBLEMS
from agents.callbacks.actions.booking import slots_for
from agents.callbacks.actions.handling import cancel
from agents.callbacks.api.calls import CallShape
from agents.callbacks.models import Call
from conversations.access import session_of
from conversations.actions.calling import ask_for_a_call
from conversations.api import Problem, Unauthorised
from conversations.errors import BadWords, CannotMove
from conversations.limits import Limit
from conversations.models import Conversation

_OWN = {400: Problem, 401: Problem, 409: Problem, 429: Problem}
_ZONE = OpenApiParameter("time_zone", str, description="Where the customer is: Europe/Berlin.")
_asked = Limit(rate=1.0, burst=20)


class OwnSlotShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField(source="starts_at")
    until = serializers.DateTimeField(source="ends_at")


class SlotShape(OwnSlotShape):
    free = serializers.IntegerField(help_text="Calls that can still be promised.")


class OwnCallShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Call.State.choices)
    phone = serializers.CharField(source="wish.phone")
    at = serializers.DateTimeField(source="wanted_at", allow_null=True)
    until = serializers.DateTimeField(source="window_until")


class OwnTimesShape(serializers.Serializer[Any]):
    call = OwnCallShape(allow_null=True)
    slots = OwnSlotShape(many=True)


class TimesShape(serializers.Serializer[Any]):
    call = CallShape(allow_null=True)
    slots = SlotShape(many=True)


class WishWords(serializers.Serializer[Any]):
    phone = serializers.CharField(max_length=40)
    at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="The beginning of a free slot."
    )


class OwnCallApi(APIView):
    """`Authorization: Bearer <session token>`: the call that this conversation's customer has asked for."""

    authentication_classes = ()
    permission_classes: tuple[type[BasePermission], ...] = ()

    @extend_schema(parameters=[_ZONE], responses={200: OwnTimesShape, **_OWN}, auth=[])
    def get(self, request: Request) -> Response:
        """What was promised, and the times that can still be had, in which it is day where they are."""
        talk = _own(request)
        return Response(
            OwnTimesShape(
                {
                    "call": _open_call(talk),
                    "slots": slots_for(talk, zone=_zone(request), at=timezone.now()),
                }
            ).data
        )

    @extend_schema(responses={204: None, **_OWN}, auth=[])
    def delete(self, request: Request) -> Response:
        """I no longer want to be called. Doing it twice changes nothing."""
        call = _open_call(_own(request))
        if call is not None:
            if call.state == Call.State.REACHED:
                raise CannotMove("You are being called.")
            cancel(call=call.uuid, at=timezone.now())
        return Response(status=204)


class ConversationCallApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: TimesShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """The call that is promised to this customer, and the times with room."""
        agent = agent_of(request)
        talk = conversation_for(agent, key)
        call = _open_call(talk)
        slots = slots_for(talk, zone=call.time_zone if call else "", at=timezone.now())
        return Response(
            TimesShape({"call": call, "slots": slots}, context={"agent_id": agent.pk}).data
        )

    @extend_schema(request=WishWords, responses={200: CallShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        """Books a call for the customer, in a slot or as soon as possible."""
        agent = agent_of(request)
        talk = conversation_for(agent, key)
        said = words_of(WishWords, request)
        ask_for_a_call(
            conversation_id=talk.pk,
            phone=said["phone"],
            call_at=said["at"],
            time_zone=_known_zone(talk),
            exact=said["at"] is not None,
            agent_id=agent.pk,
            agent_name=agent.shown_name,
            at=timezone.now(),
        )
        return Response(CallShape(_open_call(talk), context={"agent_id": agent.pk}).data)


def _own(request: Request) -> Conversation:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known = session_of(token.strip(), at=timezone.now()) if scheme.lower() == "bearer" else None
    if known is None:
        raise Unauthorised("This token is not known, or no longer good.")
    _asked.check(str(known.pk))
    return Conversation.objects.get(pk=known.conversation_id)


def _zone(request: Request) -> str:
    zone = str(request.query_params.get("time_zone", ""))
    if zone and zone not in available_timezones():
        raise BadWords("This time zone is not known; Europe/Berlin is one.")
    return zone


def _known_zone(talk: Conversation) -> str:
    last = talk.callbacks.order_by("-pk").values_list("time_zone", flat=True).first()
    return last or ""


def _open_call(talk: Conversation) -> Call | None:
    return (
        Call.objects.filter(wish__conversation=talk, ended_at=None)
        .select_related("wish__conversation__customer", "agent", "queue")
        .first()
    )
