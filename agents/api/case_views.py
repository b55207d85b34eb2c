"""What the doors of a case have in common: who asks, about what, and in which words."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, conversation_for
from agents.models import Agent
from conversations.models import Conversation
from conversations.words import clean_line

Serializer = serializers.Serializer[Any]


class Line(serializers.CharField):
    """One line of text, without what can break a page."""

    def to_internal_value(self, data: Any) -> str:
        said = clean_line(super().to_internal_value(data), limit=self.max_length or 200)
        if not said and not self.allow_blank:
            self.fail("blank")
        return said


class NoWords(serializers.Serializer[Any]):
    """Nothing needs to be said."""


class CaseView(APIView):
    """A door to one conversation that the agent may see."""

    permission_classes = (MayAnswer,)

    def case(self, request: Request, key: UUID) -> tuple[Agent, Conversation]:
        agent = agent_of(request)
        return agent, conversation_for(agent, key)


def words_of(shape: type[Serializer], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """What was said, checked."""
    data = shape(data=request.data, partial=partial)
    data.is_valid(raise_exception=True)
    return dict(data.validated_data)
