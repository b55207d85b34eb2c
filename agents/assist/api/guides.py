"""The steps of the procedure that a conversation is for, over HTTP."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import case_shapes
from agents.api.case_views import CaseView, words_of
from agents.api.shapes import PROBLEMS
from agents.assist.actions.guiding import put_on_the_case
from agents.assist.reads.guides import guide_for
from agents.reads.cases import steps_of


class GuideStepShape(serializers.Serializer[Any]):
    text = serializers.CharField()
    value = serializers.CharField(help_text="What is known of it; of a secret only the end.")
    done = serializers.BooleanField()
    final = serializers.BooleanField(help_text="It can't be undone.")
    line = serializers.CharField(help_text="As it stands on the checklist.")


class GuideShape(serializers.Serializer[Any]):
    procedure = serializers.CharField(help_text="Its key.")
    name = serializers.CharField()
    how = serializers.ChoiceField(
        choices=["run", "match"],
        help_text="The bot was in it; or what the customer wrote is for it.",
    )
    reason = serializers.CharField(help_text="Why the bot stopped there.")
    steps = GuideStepShape(many=True)


class GuideAnswer(serializers.Serializer[Any]):
    guide = GuideShape(allow_null=True)


class TickWords(serializers.Serializer[Any]):
    ticks = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=99),
        max_length=100,
        required=False,
        default=list,
        help_text="Which of the steps are done by now, from 0, besides what was gathered.",
    )


class GuideApi(CaseView):
    @extend_schema(responses={200: GuideAnswer, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """What is left to do by the procedure, if there is one for this conversation."""
        _, conversation = self.case(request, key)
        found = guide_for(conversation, at=timezone.now())
        return Response({"guide": found.frame() if found else None})

    @extend_schema(request=TickWords, responses={201: case_shapes.StepShape(many=True), **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        """Puts the steps on the case's checklist, gathered ones ticked; once. Answers the checklist."""
        agent, conversation = self.case(request, key)
        words = words_of(TickWords, request)
        put_on_the_case(
            conversation, agent_id=agent.pk, ticks=frozenset(words["ticks"]), at=timezone.now()
        )
        return Response(steps_of(conversation), status=status.HTTP_201_CREATED)
