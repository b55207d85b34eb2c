"""The scores of one conversation, for whoever has it open in the console."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, conversation_for
from agents.api.shapes import PROBLEMS
from agents.models import Agent
from analytics.quality.models import Score
from analytics.quality.reads.scores import may_look, scores_of


class OwnScoreShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    subject = serializers.ChoiceField(choices=Score.Subject.choices)
    whose = serializers.CharField()
    card = serializers.CharField()
    total = serializers.FloatField(
        allow_null=True, help_text="0 to 100; null: nothing counts, or it is still to be scored."
    )
    is_fatal = serializers.BooleanField()
    to_score = serializers.BooleanField(
        help_text="Drawn for you to score blindly; what the machine says is kept back until then."
    )
    page = serializers.CharField()


class ScoresOfShape(serializers.Serializer[Any]):
    scores = OwnScoreShape(many=True)


class ConversationScoresApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: ScoresOfShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """One for everybody who served the customer; agents find only their own."""
        agent = agent_of(request)
        talk = conversation_for(agent, key)
        rows = scores_of(agent).filter(conversation=talk).order_by("pk")
        return Response({"scores": [_shape(row, agent) for row in rows]})


def _shape(row: Score, agent: Agent) -> dict[str, Any]:
    seen = may_look(row, agent)
    page = "quality:score" if seen else "quality:review"
    return {
        "id": str(row.uuid),
        "subject": row.subject,
        "whose": row.whose,
        "card": row.version.card.name,
        "total": row.total if seen else None,
        "is_fatal": row.is_fatal and seen,
        "to_score": not seen,
        "page": reverse(page, args=[row.uuid]),
    }
