"""How a customer's messages read, over HTTP: chances for each, and how to say that they are wrong."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.case_views import CaseView, words_of
from agents.api.shapes import PROBLEMS
from bots.actions.appeals import appeal
from bots.models import FeelingAppeal, MessageFeeling
from bots.reads.feelings import Mood, mood_of
from bots.sentiment.tables import LABELS


class Chances(serializers.Serializer[Any]):
    negative = serializers.FloatField()
    neutral = serializers.FloatField()
    positive = serializers.FloatField()


class AppealShape(serializers.ModelSerializer[FeelingAppeal]):
    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = FeelingAppeal
        fields = ["id", "says", "state", "at", "decided_at"]
        read_only_fields = fields


class FeelingShape(serializers.ModelSerializer[MessageFeeling]):
    """An estimate. `probabilities` are calibrated: of messages with 0.8, eight in ten are so."""

    offset = serializers.IntegerField(source="message.offset")
    seq = serializers.IntegerField(source="message.seq", allow_null=True)
    score = serializers.FloatField()
    probabilities = serializers.SerializerMethodField()
    measured = serializers.SerializerMethodField(
        help_text="Whether the card's figures say that this language is read, far better than by chance."
    )
    appeal = serializers.SerializerMethodField()

    class Meta:
        model = MessageFeeling
        fields = [
            "offset",
            "seq",
            "label",
            "score",
            "probabilities",
            "language",
            "measured",
            "version",
            "at",
            "appeal",
        ]
        read_only_fields = fields

    @extend_schema_field(Chances)
    def get_probabilities(self, one: MessageFeeling) -> dict[str, float]:
        return {
            "negative": round(one.negative, 4),
            "neutral": round(one.neutral, 4),
            "positive": round(one.positive, 4),
        }

    @extend_schema_field(AppealShape(allow_null=True))
    def get_appeal(self, one: MessageFeeling) -> Any:
        return AppealShape(one.appeal).data if hasattr(one, "appeal") else None

    def get_measured(self, one: MessageFeeling) -> bool:
        return one.language in self.context["languages"]


class MoodShape(serializers.Serializer[Any]):
    """`score` and `trend` are -1 … 1, the last messages weighing most; null: nothing was read yet."""

    score = serializers.FloatField(allow_null=True)
    trend = serializers.FloatField(allow_null=True)
    messages = FeelingShape(many=True)


def _shown(mood: Mood) -> Any:
    return MoodShape(
        {"score": mood.score, "trend": mood.trend, "messages": mood.messages},
        context={"languages": mood.languages},
    ).data


class AppealWords(serializers.Serializer[Any]):
    offset = serializers.IntegerField(min_value=1, help_text="The message's place in the log.")
    says = serializers.ChoiceField(choices=[(one, one) for one in LABELS])


class FeelingsApi(CaseView):
    """How the customer's messages read, oldest first."""

    @extend_schema(operation_id="conversations_feelings", responses={200: MoodShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        _, conversation = self.case(request, key)
        return Response(_shown(mood_of(conversation.pk)))


class FeelingAppealApi(CaseView):
    """An agent reads a message otherwise: a person looks through it, and the reader learns from it."""

    @extend_schema(
        operation_id="conversations_feelings_appeal",
        request=AppealWords,
        responses={201: AppealShape, **PROBLEMS},
    )
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        said = words_of(AppealWords, request)
        made = appeal(
            conversation=conversation.uuid,
            offset=said["offset"],
            says=said["says"],
            by_id=agent.pk,
            at=timezone.now(),
        )
        return Response(AppealShape(made).data, status=status.HTTP_201_CREATED)
