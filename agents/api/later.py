"""Messages for later, and drafts, over HTTP."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, conversation_for
from agents.actions.drafts import draft_frame, draft_of, save_draft
from agents.actions.scheduled import (
    Later,
    cancel,
    change,
    schedule,
    scheduled_frame,
    send_now,
)
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS, AnyJson
from agents.models import ScheduledMessage
from conversations.words import TEXT_LIMIT

_KEYS = (keyset.Key("send_at", "send_at", datetime), keyset.Key("pk", "pk", int))
LONGEST_UNDO = 60


class ScheduledShape(serializers.Serializer[Any]):
    type = serializers.CharField()
    id = serializers.UUIDField()
    client_id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    agent = AnyJson()
    text = serializers.CharField()
    attachments = AnyJson()
    send_at = serializers.DateTimeField()
    unless_customer_writes = serializers.BooleanField()
    state = serializers.ChoiceField(choices=ScheduledMessage.State.choices)
    reason = serializers.CharField()
    detail = serializers.CharField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class LaterWords(serializers.Serializer[Any]):
    """Either `send_in` seconds (the undo window) or `send_at`."""

    id = serializers.UUIDField()
    text = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=10, required=False, default=list
    )
    send_in = serializers.IntegerField(min_value=1, max_value=LONGEST_UNDO, required=False)
    send_at = serializers.DateTimeField(required=False)
    unless_customer_writes = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("send_in" in attrs) == ("send_at" in attrs):
            raise serializers.ValidationError({"send_at": 'Say either "send_in" or "send_at".'})
        return attrs


class ChangedLater(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=TEXT_LIMIT, required=False, allow_blank=True)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=10, required=False
    )
    send_at = serializers.DateTimeField(required=False)
    unless_customer_writes = serializers.BooleanField(required=False)


class ScheduledOfApi(APIView):
    """What is to be said later in this conversation."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=PAGING, responses={200: page_of(ScheduledShape, "ScheduledOfPage"), **PROBLEMS}
    )
    def get(self, request: Request, key: UUID) -> Response:
        conversation = conversation_for(agent_of(request), key)
        cursor, limit = paging_of(request)
        waiting = ScheduledMessage.objects.filter(
            conversation=conversation, state=ScheduledMessage.State.WAITING
        ).select_related("conversation", "agent")
        page = keyset.page(waiting, _KEYS, cursor=cursor, limit=limit)
        return paged(request, page, scheduled_frame)

    @extend_schema(request=LaterWords, responses={201: ScheduledShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        data = LaterWords(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        agent = agent_of(request)
        conversation = conversation_for(agent, key)
        now = timezone.now()
        send_at = words.get("send_at") or now + timedelta(seconds=words["send_in"])
        later = Later(
            client_id=words["id"],
            text=words["text"],
            attachments=words["attachments"],
            send_at=send_at,
            unless_customer_writes=words["unless_customer_writes"],
        )
        kept = schedule(later, conversation_id=conversation.pk, agent_id=agent.pk, at=now)
        return Response(scheduled_frame(kept), status=status.HTTP_201_CREATED)


class ScheduledSearch(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=ScheduledMessage.State.choices, required=False, default="waiting"
    )


class ScheduledApi(APIView):
    """My messages for later, the next one first."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("state", str)],
        responses={200: page_of(ScheduledShape, "ScheduledPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        data = ScheduledSearch(data=request.query_params)
        data.is_valid(raise_exception=True)
        cursor, limit = paging_of(request)
        mine = ScheduledMessage.objects.filter(
            agent=agent_of(request), state=data.validated_data["state"]
        ).select_related("conversation", "agent")
        page = keyset.page(mine, _KEYS, cursor=cursor, limit=limit)
        return paged(request, page, scheduled_frame)


class OneScheduledApi(APIView):
    """One of my messages for later: change it, or take it back (its words become my draft)."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=ChangedLater, responses={200: ScheduledShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        data = ChangedLater(data=request.data)
        data.is_valid(raise_exception=True)
        changed = change(
            key, agent_id=agent_of(request).pk, words=data.validated_data, at=timezone.now()
        )
        return Response(scheduled_frame(changed))

    @extend_schema(responses={200: ScheduledShape, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        taken = cancel(key, agent_id=agent_of(request).pk, at=timezone.now())
        return Response(scheduled_frame(taken))


class SendNowApi(APIView):
    """Do not wait any longer."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=None, responses={200: ScheduledShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        sent = send_now(key, agent_id=agent_of(request).pk, at=timezone.now())
        return Response(scheduled_frame(sent))


class DraftShape(serializers.Serializer[Any]):
    type = serializers.CharField()
    conversation = serializers.UUIDField()
    shared = serializers.BooleanField()
    text = serializers.CharField()
    attachments = AnyJson()
    version = serializers.IntegerField()
    by = AnyJson()
    updated_at = serializers.DateTimeField()


class DraftsShape(serializers.Serializer[Any]):
    own = DraftShape(allow_null=True)
    shared = DraftShape(allow_null=True)


class KeptShape(serializers.Serializer[Any]):
    draft = DraftShape(allow_null=True)
    replaced = DraftShape(allow_null=True)


class DraftWords(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=TEXT_LIMIT, allow_blank=True, trim_whitespace=False)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=10, required=False, default=list
    )
    shared = serializers.BooleanField(required=False, default=False)
    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, help_text="The version that you have seen"
    )


class DraftApi(APIView):
    """My draft in this conversation, and the one that its agents share. Empty: forgotten."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: DraftsShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        conversation = conversation_for(agent, key)
        own = draft_of(conversation.pk, agent, shared=False)
        shared = draft_of(conversation.pk, agent, shared=True)
        return Response(
            {
                "own": draft_frame(own, key=key) if own else None,
                "shared": draft_frame(shared, key=key) if shared else None,
            }
        )

    @extend_schema(request=DraftWords, responses={200: KeptShape, **PROBLEMS})
    def put(self, request: Request, key: UUID) -> Response:
        data = DraftWords(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        agent = agent_of(request)
        conversation = conversation_for(agent, key)
        kept = save_draft(
            conversation_id=conversation.pk,
            key=key,
            agent=agent,
            shared=words["shared"],
            text=words["text"],
            attachments=words["attachments"],
            version=words.get("version"),
            at=timezone.now(),
        )
        draft = draft_frame(kept.draft, key=key) if kept.draft else None
        return Response({"draft": draft, "replaced": kept.replaced})
