"""Rules for what agents send, a look before sending, and what was sent anyway, over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, require, visible_to
from agents.api.case_views import CaseView, Line, words_of
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS
from agents.assist.actions.outgoing import OVERRIDE, rules_of
from agents.assist.models import OutgoingRule, SentAnyway
from agents.assist.rules.outgoing import NAMES, found_in, says
from conversations.errors import NotFound
from conversations.words import TEXT_LIMIT
from inboxes.models import Inbox

MOST_WORDS, LONGEST_WORD = 500, 80
_BY_NAME = (keyset.Key("name", "name", str), keyset.Key("pk", "pk", int))
_LATEST = (
    keyset.Key("at", "at", datetime, descending=True),
    keyset.Key("pk", "pk", int, descending=True),
)


class OutgoingRuleShape(serializers.ModelSerializer[OutgoingRule]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    name = Line(max_length=80)
    inbox = serializers.SlugRelatedField(
        slug_field="key",
        queryset=Inbox.objects.all(),
        required=False,
        allow_null=True,
        help_text="Its key; null is everywhere.",
    )
    words = serializers.ListField(
        child=Line(max_length=LONGEST_WORD), max_length=MOST_WORDS, required=False
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(NAMES)), max_length=20, required=False
    )
    advice = Line(max_length=200, required=False, allow_blank=True)

    class Meta:
        model = OutgoingRule
        fields = ["id", "name", "inbox", "mode", "words", "kinds", "advice", "is_on"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        def now(name: str) -> Any:
            return attrs.get(name, getattr(self.instance, name, None))

        if not now("words") and not now("kinds"):
            raise serializers.ValidationError(
                {"words": ["Name at least one word, or one kind of personal data."]}
            )
        return attrs


class SentAnywayShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    conversation = serializers.UUIDField(source="conversation.uuid")
    seq = serializers.IntegerField(source="message.seq")
    agent = serializers.SerializerMethodField()
    rules = serializers.ListField(child=serializers.CharField())
    what = serializers.ListField(
        child=serializers.CharField(),
        help_text="What was found, by name; the values are only in the message.",
    )
    how = serializers.ChoiceField(choices=SentAnyway.How.choices)
    reason = serializers.CharField()
    at = serializers.DateTimeField()

    def get_agent(self, row: SentAnyway) -> str | None:
        return str(row.agent.uuid) if row.agent else None


class CheckWords(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=TEXT_LIMIT, allow_blank=True, trim_whitespace=False)


class FoundShape(serializers.Serializer[Any]):
    rule = serializers.CharField(source="rule.name")
    what = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    blocks = serializers.BooleanField(source="rule.blocks")


class CheckShape(serializers.Serializer[Any]):
    rules = serializers.IntegerField(help_text="How many hold here; 0: no need to ask again.")
    found = FoundShape(many=True)
    blocks = serializers.BooleanField(help_text="It would be held back.")
    says = serializers.CharField(help_text="In a sentence; empty when nothing was found.")
    may_override = serializers.BooleanField(help_text="You may send it with a reason.")


class OutgoingCheckApi(CaseView):
    """What would be found in a reply to this customer; nothing is kept."""

    @extend_schema(request=CheckWords, responses={200: CheckShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        rules = rules_of(conversation.inbox_id)
        found = found_in(words_of(CheckWords, request)["text"], rules) if rules else []
        blocking = [one for one in found if one.rule.blocks]
        answer = {
            "rules": len(rules),
            "found": found,
            "blocks": bool(blocking),
            "says": says(blocking or found) if found else "",
            "may_override": agent.has_perm(OVERRIDE),
        }
        return Response(CheckShape(answer).data)


class OutgoingRulesApi(APIView):
    """The house's rules for what agents send."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        operation_id="outgoing_rules_list",
        parameters=PAGING,
        responses={200: page_of(OutgoingRuleShape, "OutgoingRulePage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        require(agent_of(request), "assist.view_outgoingrule")
        cursor, limit = paging_of(request)
        rows = OutgoingRule.objects.select_related("inbox")
        found = keyset.page(rows, _BY_NAME, cursor=cursor, limit=limit)
        return paged(request, found, lambda row: dict(OutgoingRuleShape(row).data))

    @extend_schema(request=OutgoingRuleShape, responses={201: OutgoingRuleShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        require(agent_of(request), "assist.add_outgoingrule")
        data = OutgoingRuleShape(data=request.data)
        data.is_valid(raise_exception=True)
        data.save()
        return Response(data.data, status=status.HTTP_201_CREATED)


class OutgoingRuleApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: OutgoingRuleShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        return Response(OutgoingRuleShape(_rule(request, key, "view")).data)

    @extend_schema(request=OutgoingRuleShape, responses={200: OutgoingRuleShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        rule = _rule(request, key, "change")
        data = OutgoingRuleShape(rule, data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        data.save()
        return Response(data.data)

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        _rule(request, key, "delete").delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _rule(request: Request, key: UUID, verb: str) -> OutgoingRule:
    require(agent_of(request), f"assist.{verb}_outgoingrule")
    found = OutgoingRule.objects.select_related("inbox").filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such rule.")
    return found


class SentAnywayApi(APIView):
    """What was sent although a rule was about it, the latest first, where one may see the conversation."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=[*PAGING, OpenApiParameter("how", str, enum=SentAnyway.How.values)],
        responses={200: page_of(SentAnywayShape, "SentAnywayPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        agent = agent_of(request)
        require(agent, "assist.view_sentanyway")
        how = request.query_params.get("how", "")
        if how and how not in SentAnyway.How.values:
            raise serializers.ValidationError({"how": ["warned or overridden."]})
        rows = SentAnyway.objects.filter(conversation__in=visible_to(agent).values("pk"))
        rows = rows.filter(how=how) if how else rows
        cursor, limit = paging_of(request)
        rows = rows.select_related("conversation", "message", "agent")
        found = keyset.page(rows, _LATEST, cursor=cursor, limit=limit)
        return paged(request, found, lambda row: dict(SentAnywayShape(row).data))
