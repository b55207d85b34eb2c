"""Macros and bulk actions over HTTP."""

import uuid
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset, verbs
from agents.access import MayAnswer, agent_of, conversation_for, visible_to
from agents.actions.macros import AT_ONCE, do_in_bulk, rehearse_macro, run_macro
from agents.actions.replies import may_change_macro, save_macro
from agents.api.kept import KeptList, KeptOne
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS, AnyJson
from agents.models import Agent, Macro
from conversations.errors import NotFound

_KEYS = (keyset.Key("position", "position", int), keyset.Key("pk", "pk", int))


class Action(AnyJson):
    """`{"do": "add_labels", "labels": ["vip"]}`"""

    def to_internal_value(self, data: Any) -> Any:
        return verbs.action(super().to_internal_value(data))


class Actions(AnyJson):
    """A list of actions."""

    def to_internal_value(self, data: Any) -> Any:
        return verbs.actions(super().to_internal_value(data))


class MacroWords(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    actions = Actions()
    personal = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)


class MacroShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    actions = AnyJson()
    says = serializers.ListField(child=serializers.CharField())
    personal = serializers.BooleanField()
    position = serializers.IntegerField()
    uses = serializers.IntegerField()


def _shown(macro: Macro) -> dict[str, Any]:
    return {
        "id": str(macro.uuid),
        "name": macro.name,
        "actions": macro.actions,
        "says": [verbs.says(action) for action in macro.actions],
        "personal": macro.owner_id is not None,
        "position": macro.position,
        "uses": macro.uses,
    }


def _macros_for(agent: Agent) -> QuerySet[Macro]:
    return Macro.objects.filter(Q(owner=agent) | Q(owner=None))


def _macro_for(agent: Agent, key: UUID) -> Macro:
    found = _macros_for(agent).filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such macro.")
    return found


@extend_schema_view(post=extend_schema(request=MacroWords, responses={201: MacroShape, **PROBLEMS}))
class MacrosApi(KeptList):
    """My macros and everybody's."""

    words = MacroWords
    shown = staticmethod(_shown)
    save = staticmethod(save_macro)

    @extend_schema(
        operation_id="macros_list",
        parameters=PAGING,
        responses={200: page_of(MacroShape, "MacroPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        cursor, limit = paging_of(request)
        macros = _macros_for(agent_of(request))
        return paged(request, keyset.page(macros, _KEYS, cursor=cursor, limit=limit), _shown)


@extend_schema_view(
    get=extend_schema(responses={200: MacroShape, **PROBLEMS}),
    patch=extend_schema(request=MacroWords, responses={200: MacroShape, **PROBLEMS}),
    delete=extend_schema(responses={204: None, **PROBLEMS}),
)
class MacroApi(KeptOne):
    words = MacroWords
    shown = staticmethod(_shown)
    save = staticmethod(save_macro)
    find = staticmethod(_macro_for)
    may_change = staticmethod(may_change_macro)


class RunWords(serializers.Serializer[Any]):
    conversation = serializers.UUIDField()
    dry_run = serializers.BooleanField(required=False, default=False)
    id = serializers.UUIDField(
        required=False, help_text="Names this attempt: sent again, it is not done again"
    )


class RunShape(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    steps = AnyJson()
    refused = AnyJson(allow_null=True)
    conversation = AnyJson()


class RunMacroApi(APIView):
    """Does it, all or nothing; or, with `dry_run`, only says what would be done."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=RunWords, responses={200: RunShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        data = RunWords(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        agent = agent_of(request)
        macro = _macro_for(agent, key)
        conversation = conversation_for(agent, words["conversation"])
        now = timezone.now()
        if words["dry_run"]:
            ran = rehearse_macro(macro, conversation=conversation, agent=agent, at=now)
        else:
            run = words.get("id") or uuid.uuid4()
            ran = run_macro(macro, conversation=conversation, agent=agent, run=run, at=now)
        return Response(
            {
                "dry_run": words["dry_run"],
                "steps": ran.steps,
                "refused": ran.refused,
                "conversation": ran.card,
            }
        )


class BulkWords(serializers.Serializer[Any]):
    conversations = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=AT_ONCE
    )
    action = Action()
    id = serializers.UUIDField(required=False)


class BulkRow(serializers.Serializer[Any]):
    conversation = serializers.UUIDField()
    ok = serializers.BooleanField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BulkShape(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    results = BulkRow(many=True)


class BulkApi(APIView):
    """One action in up to a hundred conversations; each may succeed or be refused on its own."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=BulkWords, responses={200: BulkShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        data = BulkWords(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        agent = agent_of(request)
        seen = dict(
            visible_to(agent).filter(uuid__in=words["conversations"]).values_list("uuid", "pk")
        )
        results = do_in_bulk(
            words["action"],
            conversations={key: seen.get(key) for key in words["conversations"]},
            agent=agent,
            run=words.get("id") or uuid.uuid4(),
            at=timezone.now(),
        )
        return Response({"done": sum(row["ok"] for row in results), "results": results})
