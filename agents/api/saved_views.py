"""Saved views, filters and counters over HTTP."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, inboxes_of
from agents.actions.saved_views import delete_view, save_view
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS, AnyJson, Card
from agents.models import Agent, SavedView, Team
from agents.reads.filters import ABSENT, found_by
from agents.reads.views import (
    COUNTED_UP_TO,
    SORTS,
    attribute_fields,
    check_new,
    condition_of,
    open_counts,
    view_counts,
    views_for,
)
from agents.rules.conditions import ATTRIBUTES, FIELDS, PRIORITIES, SHOWN_STATES, BadCondition
from agents.rules.conditions import ops_of as operations
from conversations.errors import NotFound
from conversations.frames import conversation_card
from conversations.lifecycle import STATES

_KEYS = (keyset.Key("position", "position", int), keyset.Key("pk", "pk", int))
_RELATED = ("inbox", "customer", "assignee", "queue")
_COUNTED_AT_ONCE = 30


class Conditions(AnyJson):
    """A tree of conditions."""

    def to_internal_value(self, data: Any) -> Any:
        tree = super().to_internal_value(data)
        try:
            check_new(tree)
        except BadCondition as problem:
            raise serializers.ValidationError(str(problem)) from problem
        return tree


class ViewWords(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    conditions = Conditions(required=False)
    sort = serializers.ChoiceField(choices=list(SORTS), required=False)
    shared = serializers.ChoiceField(choices=SavedView.Shared.choices, required=False)
    team = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Team.objects.all(), required=False, allow_null=True
    )
    position = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("shared") == "team" and not attrs.get("team"):
            raise serializers.ValidationError({"team": "Which team?"})
        return attrs


class ViewShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    conditions = AnyJson()
    sort = serializers.CharField()
    shared = serializers.CharField()
    team = AnyJson(allow_null=True)
    owner = AnyJson()
    mine = serializers.BooleanField()
    position = serializers.IntegerField()


def _shown(view: SavedView, agent: Agent) -> dict[str, Any]:
    return {
        "id": str(view.uuid),
        "name": view.name,
        "conditions": view.conditions,
        "sort": view.sort,
        "shared": view.shared,
        "team": {"id": str(view.team.uuid), "name": view.team.name} if view.team else None,
        "owner": {"id": str(view.owner.uuid), "name": view.owner.shown_name},
        "mine": view.owner_id == agent.pk,
        "position": view.position,
    }


def view_for(agent: Agent, key: UUID) -> SavedView:
    found = views_for(agent).filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such view.")
    return found


class ViewsApi(APIView):
    """My views, my teams', and everybody's."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        operation_id="views_list",
        parameters=PAGING,
        responses={200: page_of(ViewShape, "ViewPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        agent = agent_of(request)
        cursor, limit = paging_of(request)
        page = keyset.page(views_for(agent), _KEYS, cursor=cursor, limit=limit)
        return paged(request, page, lambda view: _shown(view, agent))

    @extend_schema(request=ViewWords, responses={201: ViewShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        data = ViewWords(data=request.data)
        data.is_valid(raise_exception=True)
        agent = agent_of(request)
        view = save_view(None, agent_id=agent.pk, words=data.validated_data, at=timezone.now())
        return Response(_shown(view, agent), status=status.HTTP_201_CREATED)


class ViewApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: ViewShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        return Response(_shown(view_for(agent, key), agent))

    @extend_schema(request=ViewWords, responses={200: ViewShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        view = view_for(agent, key)
        data = ViewWords(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        save_view(view, agent_id=agent.pk, words=data.validated_data, at=timezone.now())
        return Response(_shown(view, agent))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        delete_view(view_for(agent, key), agent=agent)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FieldsApi(APIView):
    """What conditions may ask, for whoever builds a form of them; and of which inboxes."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: OpenApiTypes.OBJECT, **PROBLEMS})
    def get(self, request: Request) -> Response:
        choices: dict[str, Any] = {
            "state": SHOWN_STATES,
            "stage": STATES,
            "priority": PRIORITIES,
            "assignee": ["me", "nobody"],
            "participant": ["me"],
            "queue": ["none"],
        }
        fields = [
            {"field": name, "ops": list(ops), "choices": choices.get(name)}
            for name, ops in FIELDS.items()
            if name not in ABSENT
        ]
        fields += [
            {"field": f"{prefix}*", "ops": list(operations(f"{prefix}x") or ()), "choices": None}
            for prefix in ATTRIBUTES
        ]
        inboxes = inboxes_of(agent_of(request)).values("key", "name")
        return Response(
            {
                "fields": fields + attribute_fields(),
                "sorts": list(SORTS),
                "inboxes": list(inboxes),
            }
        )


class Wanted(serializers.Serializer[Any]):
    views = serializers.ListField(
        child=serializers.UUIDField(), max_length=_COUNTED_AT_ONCE, required=False
    )


class ViewCountsApi(APIView):
    """How many conversations are in each of some views (without names: the first thirty)."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=Wanted, responses={200: OpenApiTypes.OBJECT, **PROBLEMS})
    def post(self, request: Request) -> Response:
        data = Wanted(data=request.data)
        data.is_valid(raise_exception=True)
        agent = agent_of(request)
        views = views_for(agent)
        if "views" in data.validated_data:
            views = views.filter(uuid__in=data.validated_data["views"])
        wanted = list(views[:_COUNTED_AT_ONCE])
        counts = view_counts(wanted, agent=agent, at=timezone.now())
        return Response(
            {
                "counts": {str(v.uuid): n for v, n in zip(wanted, counts, strict=True)},
                "counted_up_to": COUNTED_UP_TO,
            }
        )


class CountsShape(serializers.Serializer[Any]):
    mine = serializers.IntegerField(allow_null=True)
    unassigned = serializers.IntegerField(allow_null=True)
    all = serializers.IntegerField(allow_null=True)
    counted_up_to = serializers.IntegerField()


class CountsApi(APIView):
    """Open conversations: mine, nobody's, all that I may see. 1001 means more than a thousand."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: CountsShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        return Response({**open_counts(agent_of(request)), "counted_up_to": COUNTED_UP_TO})


class FilterWords(serializers.Serializer[Any]):
    conditions = Conditions(required=False, default=dict)
    sort = serializers.ChoiceField(choices=list(SORTS), required=False, default="latest")
    cursor = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    limit = serializers.IntegerField(
        min_value=1, max_value=keyset.MOST, required=False, default=keyset.PAGE
    )


class FilterApi(APIView):
    """The conversations that meet conditions which were not saved. `next` is a cursor."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=FilterWords, responses={200: page_of(Card, "FilteredPage"), **PROBLEMS})
    def post(self, request: Request) -> Response:
        data = FilterWords(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        found = found_by(
            condition_of(words["conditions"]), agent=agent_of(request), at=timezone.now()
        )
        page = keyset.page(
            found.select_related(*_RELATED),
            SORTS[words["sort"]],
            cursor=words["cursor"],
            limit=words["limit"],
        )
        results = [conversation_card(row) for row in page.rows]
        return Response({"next": page.next, "previous": None, "results": results})


def answer_view(request: Request, key: UUID) -> Response:
    """The page of a list that a saved view asks for."""
    agent = agent_of(request)
    view = view_for(agent, key)
    found = found_by(condition_of(view.conditions), agent=agent, at=timezone.now())
    cursor, limit = paging_of(request)
    page = keyset.page(
        found.select_related(*_RELATED), SORTS[view.sort], cursor=cursor, limit=limit
    )
    return paged(request, page, conversation_card)
