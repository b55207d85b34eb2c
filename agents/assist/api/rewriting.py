"""An agent's words written anew, over HTTP."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.case_views import CaseView, words_of
from agents.api.shapes import PROBLEMS
from agents.assist.actions.rewriting import rewrite
from conversations.words import TEXT_LIMIT, clean_text


class RewriteWords(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=TEXT_LIMIT)
    how = serializers.ChoiceField(choices=["correct", "shorter", "friendlier"])


class RewrittenShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(
        allow_null=True, help_text="Of its line in the log of suggestions; null: nothing changed."
    )
    text = serializers.CharField()
    changed = serializers.BooleanField()
    why = serializers.CharField(help_text="Why it stays as it is; empty when it changed.")


class RewriteApi(CaseView):
    """By rules, in English and Chinese; refused where a number, a name or a negation would be lost."""

    @extend_schema(request=RewriteWords, responses={200: RewrittenShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        words = words_of(RewriteWords, request)
        made = rewrite(
            clean_text(words["text"]),
            words["how"],
            conversation=conversation,
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(
            {
                "id": made.row.uuid if made.row else None,
                "text": made.text,
                "changed": made.row is not None,
                "why": made.why,
            }
        )
