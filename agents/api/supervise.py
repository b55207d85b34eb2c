"""Supervisors over HTTP: the same steps as the frames, and who supervised what."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, conversation_for, supervisor_of
from agents.actions import supervise
from agents.api.shapes import PROBLEMS, AnyJson, Card
from agents.confidential import supervision_frame
from agents.models import Agent, SupervisionSession
from agents.queries import current
from conversations.drafts import Stored
from conversations.frames import agent_message, conversation_card, moment
from conversations.models import Conversation, Message
from conversations.words import TEXT_LIMIT, clean_text

_SHOWN = 100


class Whisper(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="The same id again stores nothing twice.")
    text = serializers.CharField(max_length=TEXT_LIMIT)


class Barge(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False)
    text = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("text") and "id" not in attrs:
            raise serializers.ValidationError({"id": "Words to the customer need an id."})
        return attrs


class Listening(serializers.Serializer[Any]):
    """Who listens to a conversation now."""

    type = serializers.CharField()
    conversation = serializers.UUIDField()
    sessions = serializers.ListField(child=AnyJson())


class Said(serializers.Serializer[Any]):
    """A message as the protocol's frames show it; a whisper has no `seq`."""

    type = serializers.CharField()
    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    seq = serializers.IntegerField(allow_null=True)
    offset = serializers.IntegerField()
    author = AnyJson()
    text = serializers.CharField()
    note = serializers.BooleanField()
    whisper = serializers.BooleanField(required=False)
    created_at = serializers.DateTimeField()


class SessionShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    supervisor = AnyJson()
    agent = AnyJson(allow_null=True, help_text="Who had the conversation when it began.")
    mode = serializers.ChoiceField(choices=SupervisionSession.Mode.choices)
    visible = serializers.BooleanField()
    steps = serializers.ListField(child=AnyJson())
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended = serializers.CharField(help_text="stopped, left, took_over, over; empty: not yet.")


class Supervising(APIView):
    """One step of a supervisor at a conversation that somebody else has."""

    permission_classes = (MayAnswer,)

    def asked(self, request: Request, key: UUID) -> tuple[Agent, Conversation]:
        supervisor = supervisor_of(request)
        return supervisor, conversation_for(supervisor, key)

    def does(self, step: Callable[..., object], request: Request, key: UUID) -> Conversation:
        """A step that needs no words."""
        supervisor, conversation = self.asked(request, key)
        step(conversation_id=conversation.pk, supervisor_id=supervisor.pk, at=timezone.now())
        return conversation


class SupervisionApi(Supervising):
    """Who supervises this conversation, and who did: every step, the latest session first."""

    @extend_schema(responses={200: SessionShape(many=True), **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        _, conversation = self.asked(request, key)
        rows = SupervisionSession.objects.filter(conversation=conversation)
        return Response(
            [_session(row) for row in rows.select_related("supervisor", "agent")[:_SHOWN]]
        )


class WatchApi(Supervising):
    """Listen. Who has no console open listens for twenty seconds, and again with each call."""

    @extend_schema(request=None, responses={200: Listening, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        conversation = self.does(supervise.watch, request, key)
        return Response(supervision_frame(conversation, to_supervisors=True))


class StopApi(Supervising):
    """Listen no longer."""

    @extend_schema(request=None, responses={200: Listening, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        conversation = self.does(supervise.stop, request, key)
        return Response(supervision_frame(conversation, to_supervisors=True))


class WhisperApi(Supervising):
    """Say something to the agent that the customer does not hear."""

    @extend_schema(request=Whisper, responses={201: Said, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        supervisor, conversation = self.asked(request, key)
        data = Whisper(data=request.data)
        data.is_valid(raise_exception=True)
        stored = supervise.whisper(
            conversation_id=conversation.pk,
            supervisor_id=supervisor.pk,
            client_id=data.validated_data["id"],
            text=clean_text(data.validated_data["text"]),
            at=timezone.now(),
        )
        return _said(stored, conversation)


class BargeApi(Supervising):
    """Say something to the customer; without a text, only come in."""

    @extend_schema(request=Barge, responses={200: Listening, 201: Said, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        supervisor, conversation = self.asked(request, key)
        data = Barge(data=request.data)
        data.is_valid(raise_exception=True)
        stored = supervise.barge(
            conversation_id=conversation.pk,
            supervisor_id=supervisor.pk,
            client_id=data.validated_data.get("id"),
            text=clean_text(data.validated_data["text"]),
            at=timezone.now(),
        )
        if stored is None:
            return Response(supervision_frame(conversation, to_supervisors=True))
        return _said(stored, conversation)


class TakeOverApi(Supervising):
    """From now on it is mine."""

    @extend_schema(request=None, responses={200: Card, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        self.does(supervise.take_over, request, key)
        return Response(conversation_card(current(key)))


def _said(stored: Stored, conversation: Conversation) -> Response:
    message = Message.objects.get(pk=stored.message_id)
    return Response(
        agent_message(message, conversation=conversation.uuid), status=status.HTTP_201_CREATED
    )


def _session(row: SupervisionSession) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "supervisor": {"id": str(row.supervisor.uuid), "name": row.supervisor.shown_name},
        "agent": {"id": str(row.agent.uuid), "name": row.agent.shown_name} if row.agent else None,
        "mode": row.mode,
        "visible": row.visible,
        "steps": row.steps,
        "started_at": moment(row.started_at),
        "ended_at": moment(row.ended_at),
        "ended": row.ended,
    }
