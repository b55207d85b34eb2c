"""What is suggested to an agent, and the log of it, over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, require, visible_to
from agents.api.case_views import CaseView, words_of
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS, AnyJson
from agents.assist.actions.record import record
from agents.assist.models import Suggestion
from agents.assist.reads.shown import open_replies, reply_shape

VIEW = "assist.view_suggestion"
_LATEST = (
    keyset.Key("at", "at", datetime, descending=True),
    keyset.Key("pk", "pk", int, descending=True),
)


class SuggestedReplyShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    citations = serializers.ListField(
        child=AnyJson(), help_text="As in messages: article, version, title, url, quote."
    )
    confidence = serializers.FloatField(
        help_text="The chance that it answers the question, 0 to 1."
    )
    by = serializers.ChoiceField(choices=Suggestion.By.choices)
    language = serializers.CharField()


class SuggestedRepliesShape(serializers.Serializer[Any]):
    seq = serializers.IntegerField(
        allow_null=True, help_text="Of the customer's message; null without suggestions."
    )
    replies = SuggestedReplyShape(many=True)


class DidWords(serializers.Serializer[Any]):
    did = serializers.ChoiceField(
        choices=["shown", "inserted", "dismissed"],
        help_text="It stands on the agent's screen; was put into the reply; was put away.",
    )


class LoggedShape(serializers.Serializer[Any]):
    """One line of the log. `text` and `sources` are empty once their time is over."""

    id = serializers.UUIDField(source="uuid")
    conversation = serializers.UUIDField(source="conversation.uuid")
    agent = serializers.SerializerMethodField()
    kind = serializers.CharField()
    by = serializers.CharField()
    model = serializers.CharField()
    confidence = serializers.FloatField()
    text = serializers.CharField()
    sources = serializers.ListField(child=AnyJson())
    at = serializers.DateTimeField()
    shown_at = serializers.DateTimeField(allow_null=True)
    inserted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Suggestion.Outcome.choices)
    distance = serializers.IntegerField(allow_null=True)
    likeness = serializers.FloatField(allow_null=True)
    seq = serializers.SerializerMethodField(
        help_text="Of the customer's message that it answers; null for what an agent asked."
    )

    def get_agent(self, row: Suggestion) -> str | None:
        return str(row.agent.uuid) if row.agent else None

    def get_seq(self, row: Suggestion) -> int | None:
        return row.turn.seq if row.turn else None


class SuggestionsApi(CaseView):
    """What is suggested now, in the order shown."""

    @extend_schema(responses={200: SuggestedRepliesShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        _, conversation = self.case(request, key)
        rows = open_replies(conversation.pk)
        seq = rows[0].turn.seq if rows and rows[0].turn else None
        return Response({"seq": seq, "replies": [reply_shape(one) for one in rows]})


class SuggestionApi(CaseView):
    @extend_schema(request=DidWords, responses={200: LoggedShape, **PROBLEMS})
    def post(self, request: Request, key: UUID, suggestion: UUID) -> Response:
        """What became of it on my screen. Whether it was sent is read off the conversation."""
        agent, conversation = self.case(request, key)
        did = words_of(DidWords, request)["did"]
        row = record(
            conversation_id=conversation.pk,
            key=suggestion,
            agent_id=agent.pk,
            did=did,
            at=timezone.now(),
        )
        return Response(LoggedShape(row).data)


class LogSearch(serializers.Serializer[Any]):
    conversation = serializers.UUIDField(required=False)
    agent = serializers.UUIDField(required=False)
    by = serializers.ChoiceField(choices=Suggestion.By.choices, required=False)
    kind = serializers.ChoiceField(choices=Suggestion.Kind.choices, required=False)
    outcome = serializers.ChoiceField(
        choices=["open", *(name for name in Suggestion.Outcome.values if name)], required=False
    )


class SuggestionLogApi(APIView):
    """The log of suggestions, the latest first, of the conversations that one may see."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=[
            *PAGING,
            *(
                OpenApiParameter(name, str)
                for name in ("conversation", "agent", "by", "kind", "outcome")
            ),
        ],
        responses={200: page_of(LoggedShape, "SuggestionPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        agent = agent_of(request)
        require(agent, VIEW)
        data = LogSearch(data=request.query_params)
        data.is_valid(raise_exception=True)
        rows = Suggestion.objects.filter(conversation__in=visible_to(agent).values("pk"))
        rows = _filtered(rows, data.validated_data)
        cursor, limit = paging_of(request)
        rows = rows.select_related("conversation", "agent", "turn")
        found = keyset.page(rows, _LATEST, cursor=cursor, limit=limit)
        return paged(request, found, lambda row: dict(LoggedShape(row).data))


def _filtered(rows: QuerySet[Suggestion], wanted: dict[str, Any]) -> QuerySet[Suggestion]:
    if key := wanted.get("conversation"):
        rows = rows.filter(conversation__uuid=key)
    if key := wanted.get("agent"):
        rows = rows.filter(agent__uuid=key)
    if by := wanted.get("by"):
        rows = rows.filter(by=by)
    if kind := wanted.get("kind"):
        rows = rows.filter(kind=kind)
    if outcome := wanted.get("outcome"):
        rows = rows.filter(outcome="" if outcome == "open" else outcome)
    return rows
