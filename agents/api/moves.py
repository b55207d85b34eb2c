"""What an agent says and does in a conversation, over HTTP: the same actions as the socket's."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, conversation_for
from agents.actions import assign as assigning
from agents.actions import labelling, offers, pausing
from agents.actions import wrap_up as wrapping
from agents.api.shapes import PROBLEMS, AnyJson, Card
from agents.models import Agent
from agents.queries import current
from conversations.actions.post import post
from conversations.api import UploadAnswer, UploadRequest
from conversations.drafts import Draft
from conversations.errors import BadWords, NotAllowed
from conversations.frames import agent_message, conversation_card
from conversations.models import Conversation, Message
from conversations.uploads import as_attachment, attachments_of, keep
from conversations.words import TEXT_LIMIT, clean_line, clean_text


class Words(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField(max_length=TEXT_LIMIT, required=False, allow_blank=True)
    note = serializers.BooleanField(required=False, default=False)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=10, required=False, default=list
    )
    override = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        default="",
        help_text="Why it is to be sent although a rule holds it back; takes the right to do so.",
    )


class MessagesApi(APIView):
    """Say something: idempotent by the id that you give it."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=Words, responses={201: AnyJson, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        data = Words(data=request.data)
        data.is_valid(raise_exception=True)
        agent = agent_of(request)
        conversation = conversation_for(agent, key)
        words = data.validated_data
        attachments = attachments_of(conversation.pk, words["attachments"])
        text = clean_text(words.get("text", ""))
        if not text and not attachments:
            raise BadWords("A message has a text or a file.")
        stored = post(
            Draft(
                conversation_id=conversation.pk,
                client_id=words["id"],
                author_kind="agent",
                author_name=agent.shown_name,
                agent_id=agent.pk,
                note=words["note"],
                text=text,
                attachments=attachments,
                override=clean_line(words["override"], limit=200),
                at=timezone.now(),
            )
        )
        message = Message.objects.get(pk=stored.message_id)
        return Response(
            agent_message(message, conversation=conversation.uuid), status=status.HTTP_201_CREATED
        )


class AgentUploadApi(APIView):
    permission_classes = (MayAnswer,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": UploadRequest}, responses={201: UploadAnswer, **PROBLEMS}
    )
    def post(self, request: Request, key: UUID) -> Response:
        conversation = conversation_for(agent_of(request), key)
        data = UploadRequest(data=request.data)
        data.is_valid(raise_exception=True)
        file = data.validated_data["file"]
        upload = keep(
            conversation_id=conversation.pk,
            name=file.name or "",
            content=file.read(settings.UPLOAD_MAX_BYTES + 1),
            by_customer=False,
            at=timezone.now(),
        )
        return Response(as_attachment(upload), status=status.HTTP_201_CREATED)


class Nothing(serializers.Serializer[Any]):
    """No words are needed."""


class Move(APIView):
    """Something an agent does with a conversation; answers its card afterwards."""

    permission_classes = (MayAnswer,)
    Input: type[serializers.Serializer[Any]] = Nothing

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        raise NotImplementedError

    def post(self, request: Request, key: UUID) -> Response:
        data = self.Input(data=request.data)
        data.is_valid(raise_exception=True)
        agent = agent_of(request)
        self.act(agent, conversation_for(agent, key), data.validated_data)
        return Response(conversation_card(current(key)))


def _described(view: type[Move]) -> type[Move]:
    return extend_schema(request=view.Input, responses={200: Card, **PROBLEMS})(view)


@_described
class ClaimApi(Move):
    """Take it from the queue."""

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        assigning.claim(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class AcceptApi(Move):
    """Take what was offered to me."""

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        offers.accept(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class DeclineApi(Move):
    """Not me: ask the next one."""

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        offers.decline(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class TransferApi(Move):
    """Pass it on to exactly one of: an agent, a team, a queue, the bot."""

    class Input(serializers.Serializer[Any]):
        agent = serializers.UUIDField(required=False)
        team = serializers.UUIDField(required=False)
        queue = serializers.UUIDField(required=False)
        bot = serializers.BooleanField(required=False)
        note = serializers.CharField(
            max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
        )

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        targets = [(k, words[k]) for k in ("agent", "team", "queue", "bot") if words.get(k)]
        if len(targets) != 1:
            raise BadWords("Name one of agent, team, queue, bot.")
        kind, target = targets[0]
        assigning.transfer(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            kind=kind,
            target=None if kind == "bot" else target,
            note=words["note"],
            at=timezone.now(),
        )


@_described
class ResolveApi(Move):
    """Done."""

    class Input(serializers.Serializer[Any]):
        disposition = serializers.CharField(
            max_length=40, required=False, default="", allow_blank=True, help_text="A wrap-up code."
        )
        wrap_up = serializers.BooleanField(
            required=False, default=False, help_text="Give me time to write it up."
        )
        note = serializers.CharField(
            max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
        )

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        wrapping.resolve(
            conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now(), **words
        )


@_described
class ReopenApi(Move):
    """Take a resolved one up again."""

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        pausing.reopen(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class SnoozeApi(Move):
    """Let it sleep until a time, or until the customer writes."""

    class Input(serializers.Serializer[Any]):
        until = serializers.DateTimeField(
            allow_null=True, help_text="null: only until the customer writes."
        )

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        pausing.snooze(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            until=words["until"],
            at=timezone.now(),
        )


@_described
class ReadApi(Move):
    """I have seen everything up to a seq."""

    class Input(serializers.Serializer[Any]):
        seq = serializers.IntegerField(min_value=0, max_value=2**31 - 1)

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        if conversation.assignee_id != agent.pk:
            raise NotAllowed("Somebody else has this conversation.")
        labelling.mark_read(conversation=conversation, seq=words["seq"])
