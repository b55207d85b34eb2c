"""What a conversation was about, over HTTP: in its own sentences."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.case_views import CaseView
from agents.api.shapes import PROBLEMS
from conversations.models import Handoff
from conversations.queries import transcript
from conversations.summary import Said, summarise

LINES = 200


class SummaryShape(serializers.Serializer[Any]):
    """Nothing stands here that nobody said."""

    needs = serializers.ListField(
        child=serializers.CharField(), help_text="What the customer wanted, in their sentences."
    )
    answers = serializers.ListField(
        child=serializers.CharField(), help_text="What was said to it, an agent's words first."
    )
    text = serializers.CharField(help_text="All of it in one line, for a note.")
    reason = serializers.CharField(help_text="Why a person was asked for; a code, or empty.")
    reason_says = serializers.CharField()
    disposition = serializers.CharField(help_text="How it ended: a wrap-up code, or empty.")


class SummaryApi(CaseView):
    """Read off the log as it is now; nothing is kept."""

    @extend_schema(responses={200: SummaryShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        _, conversation = self.case(request, key)
        lines = transcript(conversation.pk, last=LINES)
        said = [Said(one.author, one.text) for one in lines if one.author != "system"]
        found = summarise(said, needs=2, answers=2)
        handoff = Handoff.objects.filter(conversation=conversation).order_by("-pk").first()
        return Response(
            {
                "needs": found.needs,
                "answers": found.answers,
                "text": found.text(),
                "reason": handoff.reason if handoff else "",
                "reason_says": handoff.get_reason_display() if handoff else "",
                "disposition": conversation.disposition,
            }
        )
