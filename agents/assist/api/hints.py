"""Labels, priority and queue, as cases like this one had them, over HTTP."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agents.access import conversation_for
from agents.api.case_views import CaseView, words_of
from agents.api.shapes import PROBLEMS
from agents.assist.actions.hinting import KINDS, decide, open_hints
from agents.assist.actions.record import record
from agents.assist.models import Suggestion
from conversations.models import Conversation


class HintShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    value = serializers.CharField(help_text="The label, the priority (-1 to 2), or the queue.")
    says = serializers.CharField()
    confidence = serializers.FloatField(
        help_text="How often the like was right in this inbox's own resolved conversations."
    )


class HintsShape(serializers.Serializer[Any]):
    hints = HintShape(many=True)


class HintWords(serializers.Serializer[Any]):
    did = serializers.ChoiceField(
        choices=["shown", "taken", "dismissed"],
        help_text="It stands on the agent's screen; is to be done; is put away.",
    )


def hint_shape(row: Suggestion) -> dict[str, Any]:
    says = row.text
    if row.kind == "priority":
        says = Conversation.Priority(int(row.text)).label
    return {
        "id": str(row.uuid),
        "kind": row.kind,
        "value": row.text,
        "says": says,
        "confidence": round(row.confidence, 3),
    }


def _all(conversation: Conversation) -> Response:
    return Response({"hints": [hint_shape(one) for one in open_hints(conversation)]})


class HintsApi(CaseView):
    @extend_schema(responses={200: HintsShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """What nobody has decided on, and what would still change something. Empty while the past of the
        inbox does not tell it well enough."""
        _, conversation = self.case(request, key)
        return _all(conversation)


class HintApi(CaseView):
    @extend_schema(request=HintWords, responses={200: HintsShape, **PROBLEMS})
    def post(self, request: Request, key: UUID, hint: UUID) -> Response:
        """Does it, or puts it away; answers what is left."""
        agent, conversation = self.case(request, key)
        did = words_of(HintWords, request)["did"]
        at = timezone.now()
        if did == "shown":
            record(conversation_id=conversation.pk, key=hint, agent_id=agent.pk, did="shown", at=at)
            return _all(conversation)
        decide(conversation=conversation, key=hint, agent=agent, taken=did == "taken", at=at)
        return _all(conversation_for(agent, key))
