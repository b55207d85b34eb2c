"""Help beside the conversation, over HTTP: knowledge cards, past cases, and answers to the agent's own
questions."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.case_views import CaseView, words_of
from agents.api.shapes import PROBLEMS, AnyJson
from agents.assist.actions.asking import keep_answer
from agents.assist.reads.copilot import answered, knowledge_cards
from agents.assist.reads.similar import similar_cases, what_it_is_about
from bots.language.model import Turn

LONGEST = 500


class CardShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.CharField()
    quote = serializers.CharField(help_text="Its best sentences for what the customer wrote.")
    language = serializers.CharField()
    visibility = serializers.CharField(
        help_text="public, customers, or agents and audience: not for a reply."
    )


class CaseShape(serializers.Serializer[Any]):
    """A resolved conversation; what is personal stands there as placeholders."""

    conversation = serializers.UUIDField()
    at = serializers.DateTimeField()
    question = serializers.CharField()
    answer = serializers.CharField()
    likeness = serializers.FloatField()
    score = serializers.IntegerField(allow_null=True)
    disposition = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())


class HelpfulShape(serializers.Serializer[Any]):
    about = serializers.CharField(help_text="What was looked for: the customer's newest needs.")
    cards = CardShape(many=True)
    cases = CaseShape(many=True)


class AskedBefore(serializers.Serializer[Any]):
    question = serializers.CharField(max_length=LONGEST)
    answer = serializers.CharField(max_length=4_000, allow_blank=True)


class QuestionWords(serializers.Serializer[Any]):
    question = serializers.CharField(max_length=LONGEST)
    history = AskedBefore(
        many=True, required=False, default=list, help_text="Oldest first; the last six are read."
    )

    def validate_history(self, said: list[dict[str, str]]) -> list[dict[str, str]]:
        return said[-6:]


class CopilotShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of its line in the log of suggestions.")
    decision = serializers.ChoiceField(
        choices=["answer", "near", "none"],
        help_text="An article says it; articles come near; nothing does.",
    )
    text = serializers.CharField()
    citations = serializers.ListField(child=AnyJson())
    confidence = serializers.FloatField()
    internal = serializers.BooleanField(
        help_text="This customer may not read where it stands: not for a reply."
    )
    cases = CaseShape(many=True)


class HelpfulApi(CaseView):
    """Articles and past cases for what the customer wrote, as far as I may read them."""

    @extend_schema(responses={200: HelpfulShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        about = what_it_is_about(conversation)
        return Response(
            {
                "about": about,
                "cards": [one.frame() for one in knowledge_cards(conversation, about)],
                "cases": [
                    one.frame() for one in similar_cases(agent, about, besides=conversation.pk)
                ],
            }
        )


class CopilotApi(CaseView):
    """Ask on the side. The customer hears nothing of it; the question is not kept, the answer is logged."""

    @extend_schema(request=QuestionWords, responses={200: CopilotShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        words = words_of(QuestionWords, request)
        history = [
            turn
            for one in words["history"]
            for turn in (Turn("customer", one["question"]), Turn("bot", one["answer"]))
        ]
        at = timezone.now()
        found = answered(agent, conversation, words["question"], history, at=at)
        row = keep_answer(found, conversation=conversation, agent_id=agent.pk, at=at)
        return Response(
            {
                "id": row.uuid,
                "decision": found.decision,
                "text": found.text,
                "citations": found.sources,
                "confidence": round(found.confidence, 3),
                "internal": found.is_internal,
                "cases": [one.frame() for one in found.cases],
            }
        )
