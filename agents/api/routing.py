"""Why this agent, why still waiting, and who says that somebody is away."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, conversation_for, supervises, supervisor_of
from agents.actions import pausing, presence
from agents.actions import wrap_up as wrapping
from agents.actions.route import explain_waiting, held_back
from agents.api.moves import Move
from agents.api.shapes import PROBLEMS, AnyJson, Card
from agents.models import Agent, Presence, PresenceChange, StateReason
from conversations.errors import NotAllowed, NotFound
from conversations.frames import moment
from conversations.models import Conversation
from conversations.queries import place_of
from conversations.words import TEXT_LIMIT

_DAYS = 31


class RoutingAnswer(serializers.Serializer[Any]):
    stage = serializers.CharField()
    place = AnyJson(allow_null=True, help_text="{position, wait_seconds} while it waits.")
    queued_at = serializers.DateTimeField(allow_null=True)
    hops = serializers.IntegerField()
    waiting = AnyJson(allow_null=True, help_text="What routing would decide now: why it waits.")
    held_back = serializers.CharField(
        help_text="`manual`: somebody has to take it; `closed`: outside the opening hours; or empty."
    )
    offers = serializers.ListField(child=AnyJson())
    assignments = serializers.ListField(child=AnyJson())


class RoutingApi(APIView):
    """Why this agent, and why still waiting: every decision that was made about a conversation."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: RoutingAnswer, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        conversation = conversation_for(agent_of(request), key)
        at = timezone.now()
        decision = explain_waiting(conversation, at=at)
        place = place_of(conversation, at=at)
        offers = conversation.offers.select_related("agent")[:50]
        held = conversation.assignments.select_related("agent")[:50]
        return Response(
            {
                "stage": conversation.state,
                "place": asdict(place) if place else None,
                "queued_at": moment(conversation.queued_at),
                "hops": conversation.hops,
                "waiting": decision.why if decision else None,
                "held_back": held_back(conversation, at=at),
                "offers": [
                    {
                        "agent": {"id": str(o.agent.uuid), "name": o.agent.shown_name},
                        "outcome": o.outcome or "open",
                        "created_at": moment(o.created_at),
                        "ended_at": moment(o.ended_at),
                        "why": o.why,
                    }
                    for o in offers
                ],
                "assignments": [
                    {
                        "agent": {"id": str(a.agent.uuid), "name": a.agent.shown_name},
                        "how": a.how,
                        "started_at": moment(a.started_at),
                        "ended_at": moment(a.ended_at),
                        "why": a.why,
                    }
                    for a in held
                ],
            }
        )


def _described(view: type[Move]) -> type[Move]:
    return extend_schema(request=view.Input, responses={200: Card, **PROBLEMS})(view)


@_described
class HoldApi(Move):
    """Keep it, and stop the clock; `on: false` goes on."""

    class Input(serializers.Serializer[Any]):
        on = serializers.BooleanField(required=False, default=True)

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        verb = pausing.put_on_hold if words["on"] else pausing.take_off_hold
        verb(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class WrapUpApi(Move):
    """It is written up: how it ended."""

    class Input(serializers.Serializer[Any]):
        code = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
        note = serializers.CharField(
            max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
        )

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        wrapping.finish_wrap_up(
            conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now(), **words
        )


class ChoicesAnswer(serializers.Serializer[Any]):
    codes = serializers.ListField(child=AnyJson())
    reasons = serializers.ListField(child=AnyJson())
    wrap_up = serializers.ListField(
        child=AnyJson(), help_text="{queue, mode, seconds, required} for each queue, and for none."
    )


class ChoicesApi(APIView):
    """What an agent may choose from, and what is wanted of them after a talk in each queue."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: ChoicesAnswer, **PROBLEMS})
    def get(self, request: Request) -> Response:
        rules = wrapping.wrap_up_rules(agent_of(request).pk)
        return Response({**wrapping.choices(), "wrap_up": rules})


class TheirPresence(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=Presence.Status.choices)
    reason = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class AgentPresenceApi(APIView):
    """A supervisor says for somebody that they are away, or back; it is kept who said so."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=TheirPresence, responses={200: AnyJson, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        supervisor, person = supervisor_of(request), _person(key)
        _check_theirs(supervisor, person)
        data = TheirPresence(data=request.data)
        data.is_valid(raise_exception=True)
        now = presence.set_presence(
            agent_id=person.pk, at=timezone.now(), by=supervisor.pk, **data.validated_data
        )
        return Response({"status": now.status, "reason": now.reason, "since": moment(now.since)})

    @extend_schema(responses={200: AnyJson, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """Their days: every change of the last month, the latest first."""
        asking = agent_of(request)
        person = _person(key)
        if person.pk != asking.pk:
            _check_theirs(supervisor_of(request), person)
        since = timezone.now() - timedelta(days=_DAYS)
        work = set(StateReason.objects.filter(is_work=True).values_list("name", flat=True))
        changes = PresenceChange.objects.filter(agent=person, since__gt=since)
        return Response(
            [
                {
                    "status": c.status,
                    "reason": c.reason,
                    "is_work": c.reason in work or c.status == Presence.Status.ONLINE,
                    "since": moment(c.since),
                    "until": moment(c.until),
                    "set_by": c.set_by.shown_name if c.set_by else None,
                }
                for c in changes.select_related("set_by")[:1000]
            ]
        )


def _check_theirs(supervisor: Agent, person: Agent) -> None:
    if not supervises(supervisor, person):
        raise NotAllowed("You do not lead this agent.")


def _person(key: UUID) -> Agent:
    found = Agent.objects.filter(uuid=key, is_active=True).first()
    if found is None:
        raise NotFound("There is no such agent.")
    return found
