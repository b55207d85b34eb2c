"""Routing rules over HTTP: what there are, what is set where, and what holds in a place."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, require
from agents.actions.setup import save_policy
from agents.api.paging import PAGING, Paging, page_of, paged
from agents.api.shapes import PROBLEMS, AnyJson
from agents.models import Agent, Policy, Queue, Team
from agents.reads.policy_values import names_of_places, says, shown
from agents.reads.setup import described_rules, in_force, place_of_agent, place_of_queue, where
from agents.rules.registry import RULES, SCOPES
from conversations.errors import NotFound
from inboxes.models import Inbox

_KEYS = (keyset.Key("pk", "pk", int),)
_PLACES = ("agent", "queue", "team", "inbox")
_WITH = ("agent", "queue", "team", "inbox")


class RuleShape(serializers.Serializer[Any]):
    """A rule that can be set: what it means, where, its default, and an example."""

    rule = serializers.CharField()
    title = serializers.CharField()
    group = serializers.CharField()
    help = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    default = serializers.JSONField(allow_null=True)
    default_says = serializers.CharField()
    example = serializers.JSONField(allow_null=True)
    form = AnyJson(help_text="A small tree that a page can draw as a form.")


class WhereShape(serializers.Serializer[Any]):
    scope = serializers.CharField()
    id = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class OriginShape(WhereShape):
    policy = serializers.IntegerField(allow_null=True)


class PolicyShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    rule = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    says = serializers.CharField(help_text="The value in one sentence.")
    where = WhereShape()


class RuleInForceShape(serializers.Serializer[Any]):
    """`from.scope` is `default` when nobody set it."""

    rule = serializers.CharField()
    title = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    says = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": OriginShape()}


class PolicyValue(serializers.Serializer[Any]):
    value = serializers.JSONField(
        allow_null=True, help_text="In the rule's own form; null switches off what can be."
    )


class PolicyPlace(serializers.Serializer[Any]):
    """At most one; none of them is everywhere."""

    agent = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Agent.objects.all(), required=False, allow_null=True
    )
    queue = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Queue.objects.all(), required=False, allow_null=True
    )
    team = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Team.objects.all(), required=False, allow_null=True
    )
    inbox = serializers.SlugRelatedField(
        slug_field="key", queryset=Inbox.objects.all(), required=False, allow_null=True
    )
    channel = serializers.ChoiceField(choices=Inbox.Kind.choices, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = [name for name in (*_PLACES, "channel") if attrs.get(name)]
        if len(named) > 1:
            raise serializers.ValidationError({named[1]: ["Name one place at most."]})
        return attrs


class NewPolicy(PolicyPlace, PolicyValue):
    rule = serializers.ChoiceField(choices=list(RULES))


class PolicyQuery(Paging):
    rule = serializers.ChoiceField(choices=list(RULES), required=False)
    scope = serializers.ChoiceField(choices=list(SCOPES), required=False)
    agent = serializers.UUIDField(required=False)
    queue = serializers.UUIDField(required=False)
    team = serializers.UUIDField(required=False)
    inbox = serializers.CharField(max_length=64, required=False)


def policy_shown(policy: Policy, names: Any) -> dict[str, Any]:
    return {
        "id": policy.pk,
        "rule": policy.rule,
        "value": shown(policy.rule, policy.value),
        "says": says(policy, names),
        "where": where(policy),
    }


def _policy(key: int) -> Policy:
    found = Policy.objects.select_related(*_WITH).filter(pk=key).first() if key < 2**63 else None
    if found is None:
        raise NotFound("There is no such rule set.")
    return found


class RulesOfTheHouseApi(APIView):
    """Every rule there is, described: what it means, where it may be set, its default, an example."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: RuleShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        require(agent_of(request), "agents.view_policy")
        return Response(described_rules())


class PoliciesApi(APIView):
    """The rules that somebody set. What is not here holds by default."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        operation_id="policies_list",
        parameters=[
            *PAGING,
            OpenApiParameter("rule", str, enum=list(RULES)),
            OpenApiParameter("scope", str, enum=list(SCOPES)),
            OpenApiParameter("agent", UUID),
            OpenApiParameter("queue", UUID),
            OpenApiParameter("team", UUID),
            OpenApiParameter("inbox", str, description="An inbox's key"),
        ],
        responses={200: page_of(PolicyShape, "PolicyPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        require(agent_of(request), "agents.view_policy")
        data = PolicyQuery(data=request.query_params)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        rows = Policy.objects.select_related(*_WITH)
        if "rule" in words:
            rows = rows.filter(rule=words["rule"])
        for name, column in (
            ("agent", "uuid"),
            ("queue", "uuid"),
            ("team", "uuid"),
            ("inbox", "key"),
        ):
            if name in words:
                rows = rows.filter(**{f"{name}__{column}": words[name]})
        match words.get("scope"):
            case "everything":
                rows = rows.filter(agent=None, queue=None, team=None, inbox=None, channel="")
            case "channel":
                rows = rows.exclude(channel="")
            case str() as scope:
                rows = rows.filter(**{f"{scope}__isnull": False})
        names = names_of_places()
        found = keyset.page(rows, _KEYS, cursor=words["cursor"], limit=words["limit"])
        return paged(request, found, lambda row: policy_shown(row, names))

    @extend_schema(request=NewPolicy, responses={201: PolicyShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """Sets a rule in a place; it holds at once, also for who waits already."""
        require(agent_of(request), "agents.add_policy")
        data = NewPolicy(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        policy = Policy(rule=words["rule"], channel=words.get("channel") or "")
        for name in _PLACES:
            setattr(policy, name, words.get(name))
        save_policy(policy, words["value"])
        shown_now = policy_shown(policy, names_of_places())
        return Response(shown_now, status=status.HTTP_201_CREATED)


class PolicyApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: PolicyShape, **PROBLEMS})
    def get(self, request: Request, key: int) -> Response:
        require(agent_of(request), "agents.view_policy")
        return Response(policy_shown(_policy(key), names_of_places()))

    @extend_schema(request=PolicyValue, responses={200: PolicyShape, **PROBLEMS})
    def patch(self, request: Request, key: int) -> Response:
        """Another value; rule and place stay. A covered secret stays as it is."""
        require(agent_of(request), "agents.change_policy")
        policy = _policy(key)
        data = PolicyValue(data=request.data)
        data.is_valid(raise_exception=True)
        save_policy(policy, data.validated_data["value"], before=policy.value)
        return Response(policy_shown(policy, names_of_places()))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: int) -> Response:
        """What is farther away holds again, at last the default."""
        require(agent_of(request), "agents.delete_policy")
        _policy(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class QueueRulesApi(APIView):
    """Every rule as it holds in a queue, and where that was said."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: RuleInForceShape(many=True), **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        require(agent_of(request), "agents.view_policy")
        return Response(in_force(place_of_queue(queue_by(key))))


class AgentRulesApi(APIView):
    """Every rule as it holds for a person, in a queue if one is named. One's own may be seen."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=[OpenApiParameter("queue", UUID)],
        responses={200: RuleInForceShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request, key: UUID) -> Response:
        asking = agent_of(request)
        person = person_by(key)
        if person.pk != asking.pk:
            require(asking, "agents.view_policy")
        data = _InQueue(data=request.query_params)
        data.is_valid(raise_exception=True)
        named = data.validated_data.get("queue")
        queue = queue_by(named) if named else None
        return Response(in_force(place_of_agent(person, queue)))


class _InQueue(serializers.Serializer[Any]):
    queue = serializers.UUIDField(required=False)


def queue_by(key: UUID) -> Queue:
    found = Queue.objects.select_related("team").filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such queue.")
    return found


def person_by(key: UUID) -> Agent:
    found = Agent.objects.filter(uuid=key, is_active=True).first()
    if found is None:
        raise NotFound("There is no such agent.")
    return found
