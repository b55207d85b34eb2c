"""The line of calls: who is due, and what an agent does about one of them."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of
from agents.api.case_views import words_of
from agents.api.shapes import PROBLEMS
from agents.callbacks.actions import handling, keeping
from agents.callbacks.actions.booking import move
from agents.callbacks.models import Attempt, Call
from agents.callbacks.reads.line import MOST, calls_for
from agents.models import Agent
from conversations.errors import NotFound

DEEDS = ("take", "dial", "finish", "give_back", "cancel", "move")
OUTCOMES = ("done", *(one for one in Attempt.Outcome.values if one not in {"", "reached"}))


class CallShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    state = serializers.ChoiceField(choices=Call.State.choices)
    conversation = serializers.UUIDField(source="wish.conversation.uuid")
    customer = serializers.SerializerMethodField()
    phone = serializers.CharField(source="wish.phone")
    queue = serializers.CharField(source="queue.name", allow_null=True, default=None)
    waiting_since = serializers.DateTimeField(
        source="place_from", help_text="Their original place in line."
    )
    at = serializers.DateTimeField(source="wanted_at", allow_null=True)
    until = serializers.DateTimeField(source="window_until")
    due_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField()
    attempts = serializers.IntegerField()
    most_attempts = serializers.IntegerField()
    time_zone = serializers.CharField()
    mine = serializers.SerializerMethodField(help_text="I have it in hand.")
    agent = serializers.SerializerMethodField()
    note = serializers.CharField()
    answers = serializers.FloatField(
        allow_null=True, help_text="The chance that they answer now; null: not known."
    )
    reasons = serializers.ListField(child=serializers.JSONField())

    def get_customer(self, row: Call) -> str:
        return str(row.wish.conversation.customer)

    def get_mine(self, row: Call) -> bool:
        return bool(row.agent_id) and row.agent_id == self.context["agent_id"]

    def get_agent(self, row: Call) -> str | None:
        return str(row.agent) if row.agent else None


class CallsShape(serializers.Serializer[Any]):
    results = CallShape(many=True)
    due = serializers.IntegerField(help_text="To be made now.")


class DeedWords(serializers.Serializer[Any]):
    do = serializers.ChoiceField(choices=DEEDS)
    outcome = serializers.ChoiceField(choices=OUTCOMES, required=False, default="done")
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")
    at = serializers.DateTimeField(required=False, help_text="move: the beginning of a free slot.")

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if said["do"] == "move" and "at" not in said:
            raise serializers.ValidationError({"at": "A call is moved to a time."})
        return said


class CallsApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: CallsShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The hundred that come first: mine, what is due, what has its time."""
        agent = agent_of(request)
        rows = calls_for(agent)
        shown = CallShape(rows[:MOST], many=True, context={"agent_id": agent.pk}).data
        return Response({"results": shown, "due": rows.filter(state=Call.State.DUE).count()})


class CallApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: CallShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """How it stands; one that rings is listened to."""
        agent = agent_of(request)
        row = _seen(agent, key)
        if row.state == Call.State.DIALLING and keeping.listen(call_id=row.pk, at=timezone.now()):
            row = Call.objects.select_related("wish__conversation__customer", "agent", "queue").get(
                pk=row.pk
            )
        return Response(CallShape(row, context={"agent_id": agent.pk}).data)

    @extend_schema(request=DeedWords, responses={200: CallShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        """take, dial, finish (with an outcome), give_back, cancel, move (to the beginning of a slot)."""
        agent = agent_of(request)
        said = words_of(DeedWords, request)
        _seen(agent, key)
        at = timezone.now()
        match said["do"]:
            case "take":
                row = handling.take(call=key, agent_id=agent.pk, at=at)
            case "dial":
                row = handling.dial(call=key, agent_id=agent.pk, at=at)
            case "give_back":
                row = handling.give_back(call=key, agent_id=agent.pk)
            case "cancel":
                row = handling.cancel(call=key, by=agent, at=at)
            case "move":
                row = move(call=key, agent=agent, starts=said["at"], at=at)
            case _:
                row = handling.finish(
                    call=key,
                    agent_id=agent.pk,
                    outcome=said["outcome"],
                    note=said["note"],
                    at=at,
                )
        return Response(CallShape(row, context={"agent_id": agent.pk}).data)


def _seen(agent: Agent, key: UUID) -> Call:
    row = calls_for(agent).filter(uuid=key).first()
    if row is None:
        raise NotFound("There is no such call.")
    return row
