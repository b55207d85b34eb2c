"""Canned replies over HTTP: written, found by a few letters, filled in."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, conversation_for
from agents.actions.replies import count_use, may_change_reply, save_reply
from agents.api.kept import KeptList, KeptOne
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS, AnyJson
from agents.models import Agent, CannedReply, Team
from agents.reads.replies import active, like, rendered, replies_for
from agents.rules.placeholders import NAMES, Rendered, unknown_in
from conversations.errors import NotFound
from conversations.frames import moment
from conversations.words import TEXT_LIMIT
from inboxes.models import Inbox

_KEYS = (keyset.Key("pk", "pk", int),)
_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_MOST_LANGUAGES = 40


class Texts(serializers.DictField):
    """{"en": "Hello {{customer.name|there}}"}"""

    child = serializers.CharField(max_length=TEXT_LIMIT)

    def to_internal_value(self, data: Any) -> Any:
        texts = super().to_internal_value(data)
        if not 1 <= len(texts) <= _MOST_LANGUAGES:
            raise serializers.ValidationError(f"Texts in 1 to {_MOST_LANGUAGES} languages.")
        code = serializers.RegexField(_LANGUAGE, max_length=16)
        for language, text in texts.items():
            code.run_validation(language)
            if unknown := unknown_in(text):
                raise serializers.ValidationError(
                    {language: f"Nothing is called {', '.join(unknown)}."}
                )
        return texts


class ReplyWords(serializers.Serializer[Any]):
    shortcut = serializers.RegexField(r"^[\w-]+$", max_length=40)
    title = serializers.CharField(max_length=120)
    texts = Texts()
    scope = serializers.ChoiceField(choices=CannedReply.Scope.choices, required=False)
    team = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Team.objects.all(), required=False, allow_null=True
    )
    inbox = serializers.SlugRelatedField(
        slug_field="key", queryset=Inbox.objects.all(), required=False, allow_null=True
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, required=False
    )
    active_from = serializers.DateTimeField(required=False, allow_null=True)
    active_until = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for scope in ("team", "inbox"):
            if attrs.get("scope") == scope and not attrs.get(scope):
                raise serializers.ValidationError({scope: f"Which {scope}?"})
        return attrs


class ReplyShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    shortcut = serializers.CharField()
    title = serializers.CharField()
    texts = AnyJson()
    scope = serializers.CharField()
    team = AnyJson(allow_null=True)
    inbox = AnyJson(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    active_from = serializers.DateTimeField(allow_null=True)
    active_until = serializers.DateTimeField(allow_null=True)
    uses = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


def _shown(reply: CannedReply) -> dict[str, Any]:
    return {
        "id": str(reply.uuid),
        "shortcut": reply.shortcut,
        "title": reply.title,
        "texts": reply.texts,
        "scope": reply.scope,
        "team": {"id": str(reply.team.uuid), "name": reply.team.name} if reply.team else None,
        "inbox": {"key": reply.inbox.key, "name": reply.inbox.name} if reply.inbox else None,
        "tags": reply.tags,
        "active_from": moment(reply.active_from),
        "active_until": moment(reply.active_until),
        "uses": reply.uses,
        "updated_at": moment(reply.updated_at),
    }


def _reply_for(agent: Agent, key: UUID) -> CannedReply:
    found = replies_for(agent).filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such canned reply.")
    return found


@extend_schema_view(post=extend_schema(request=ReplyWords, responses={201: ReplyShape, **PROBLEMS}))
class RepliesApi(KeptList):
    """All that I may use or edit; with `q`, the twenty that fit best and may be used now."""

    words = ReplyWords
    shown = staticmethod(_shown)
    save = staticmethod(save_reply)

    @extend_schema(
        operation_id="replies_list",
        parameters=[
            *PAGING,
            OpenApiParameter("q", str, description="Letters of the shortcut, the title, the text"),
            OpenApiParameter("conversation", UUID, description="Where it would be said"),
        ],
        responses={200: page_of(ReplyShape, "ReplyPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        agent = agent_of(request)
        data = ReplySearch(data=request.query_params)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        key = words.get("conversation")
        replies = replies_for(agent, conversation=conversation_for(agent, key) if key else None)
        if "q" in words:
            found = like(active(replies, at=timezone.now()), words["q"])
            results = [_shown(reply) for reply in found]
            return Response({"next": None, "previous": None, "results": results})
        cursor, limit = paging_of(request)
        return paged(request, keyset.page(replies, _KEYS, cursor=cursor, limit=limit), _shown)


class ReplySearch(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=100, required=False, allow_blank=True)
    conversation = serializers.UUIDField(required=False)


@extend_schema_view(
    get=extend_schema(responses={200: ReplyShape, **PROBLEMS}),
    patch=extend_schema(request=ReplyWords, responses={200: ReplyShape, **PROBLEMS}),
    delete=extend_schema(responses={204: None, **PROBLEMS}),
)
class ReplyApi(KeptOne):
    words = ReplyWords
    shown = staticmethod(_shown)
    save = staticmethod(save_reply)
    find = staticmethod(_reply_for)
    may_change = staticmethod(may_change_reply)


class RenderWords(serializers.Serializer[Any]):
    conversation = serializers.UUIDField()
    language = serializers.RegexField(_LANGUAGE, max_length=16, required=False, default="")


class PreviewWords(RenderWords):
    text = serializers.CharField(max_length=TEXT_LIMIT)


class RenderShape(serializers.Serializer[Any]):
    language = serializers.CharField()
    text = serializers.CharField()
    unknown = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    too_long = serializers.BooleanField()


class RenderApi(APIView):
    """The reply filled in for a conversation; it counts as one use."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=RenderWords, responses={200: RenderShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        data = RenderWords(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        agent = agent_of(request)
        conversation = conversation_for(agent, words["conversation"])
        known = active(replies_for(agent, conversation=conversation), at=timezone.now())
        reply = known.filter(uuid=key).first()
        if reply is None:
            raise NotFound("There is no such canned reply here.")
        language, filled = rendered(
            reply.texts, conversation=conversation, agent=agent, language=words["language"]
        )
        count_use(reply)
        return Response(_filled(language, filled))


class PreviewApi(APIView):
    """A text that was not saved, filled in for a conversation."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=PreviewWords, responses={200: RenderShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        data = PreviewWords(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        agent = agent_of(request)
        conversation = conversation_for(agent, words["conversation"])
        language, filled = rendered(
            {conversation.language: words["text"]}, conversation=conversation, agent=agent
        )
        return Response(_filled(language, filled))


class PlaceholdersApi(APIView):
    """The names that a text may use."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: OpenApiTypes.OBJECT, **PROBLEMS})
    def get(self, request: Request) -> Response:
        return Response({"names": [*NAMES, "customer.attributes.*"]})


def _filled(language: str, filled: Rendered) -> dict[str, Any]:
    return {
        "language": language,
        "text": filled.text,
        "unknown": filled.unknown,
        "missing": filled.missing,
        "too_long": len(filled.text) > TEXT_LIMIT,
    }
