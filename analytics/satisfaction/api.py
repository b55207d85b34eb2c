"""What one conversation was probably like for its customer, for a supervisor who has it open."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import SEE_ALL, MayAnswer, agent_of, conversation_for, require
from agents.api.shapes import PROBLEMS
from analytics.satisfaction.models import Forecast
from analytics.satisfaction.words import reason_in_words

SEE = "satisfaction.view_forecast"


class ForecastShape(serializers.ModelSerializer[Forecast]):
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = Forecast
        fields = ["chance", "low", "high", "reasons", "made_at"]
        read_only_fields = fields

    def get_reasons(self, row: Forecast) -> list[str]:
        return [reason_in_words(one) for one in row.reasons]


class OwnForecastShape(serializers.Serializer[Any]):
    forecast = ForecastShape(
        allow_null=True, help_text="null: not over, or nothing is learnt yet from ratings."
    )


class ConversationForecastApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: OwnForecastShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """The chance that they were satisfied (a 4 or 5), its interval and what moved it; said without
        knowing a rating. Not for agents: it is no judgement of one conversation's agent."""
        agent = agent_of(request)
        require(agent, SEE_ALL)
        require(agent, SEE)
        row = Forecast.objects.filter(conversation=conversation_for(agent, key)).first()
        return Response(OwnForecastShape({"forecast": row}).data)
