"""How much is offered, where, and how often, over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, require
from agents.api.case_views import words_of
from agents.api.shapes import PROBLEMS
from agents.recommendations.models import OfferRules
from inboxes.models import Inbox

CHANGE = "recommendations.change_offerrules"


class OfferRulesShape(serializers.Serializer[Any]):
    """`inbox`: its key; null is all others."""

    inbox = serializers.SlugRelatedField(
        slug_field="key",
        queryset=Inbox.objects.all(),
        allow_null=True,
        required=False,
        default=None,
    )
    console = serializers.BooleanField(required=False)
    widget = serializers.BooleanField(required=False)
    at_a_time = serializers.IntegerField(min_value=1, max_value=10, required=False, source="many")
    control_percent = serializers.IntegerField(min_value=0, max_value=50, required=False)
    explore_percent = serializers.IntegerField(min_value=0, max_value=50, required=False)
    most_a_week = serializers.IntegerField(min_value=0, max_value=100, required=False)
    busy_from = serializers.FloatField(min_value=0.01, max_value=100, required=False)


class AllRulesShape(serializers.Serializer[Any]):
    rules = OfferRulesShape(many=True)


def _all() -> Response:
    rows = OfferRules.objects.select_related("inbox").order_by("inbox_id")
    return Response({"rules": OfferRulesShape(rows, many=True).data})


class OfferRulesApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: AllRulesShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """What is set; an inbox without its own has those of all others, else the defaults."""
        require(agent_of(request), CHANGE)
        return _all()

    @extend_schema(request=OfferRulesShape, responses={200: AllRulesShape, **PROBLEMS})
    def put(self, request: Request) -> Response:
        """Sets them for one inbox, or for all others; what is not said stays."""
        require(agent_of(request), CHANGE)
        words = words_of(OfferRulesShape, request)
        OfferRules.objects.update_or_create(inbox=words.pop("inbox"), defaults=words)
        return _all()
