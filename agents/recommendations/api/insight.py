"""Who customers are and what offers are worth, over HTTP: segments, audiences, events, uplift."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import SEE_ALL, MayAnswer, agent_of, customer_for, require
from agents.api.case_shapes import CustomerLine
from agents.api.case_views import Line, words_of
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS, AnyJson
from agents.reads.customers import customer_line
from agents.recommendations.models import Segment
from agents.recommendations.reads.events import events_of
from agents.recommendations.reads.segments import customers_in, segments_of
from agents.recommendations.reads.worth import worth
from agents.recommendations.rules.segments import BadSegment, parse
from conversations.errors import NotFound, Taken
from conversations.frames import moment

CHANGE, REPORTS = "recommendations.change_segment", "recommendations.view_showing"
_NEWEST = (keyset.Key("pk", "pk", int, descending=True),)
EVENTS = 20


class SegmentWords(serializers.Serializer[Any]):
    name = Line(max_length=80)
    description = Line(max_length=300, required=False, allow_blank=True)
    conditions = AnyJson(
        help_text='Such as {"all": [{"field": "bought", "op": "category", "value": "tents"}]}.'
    )
    is_active = serializers.BooleanField(required=False)

    def validate_conditions(self, tree: Any) -> Any:
        try:
            parse(tree)
        except BadSegment as problem:
            raise serializers.ValidationError(str(problem)) from None
        return tree


class SegmentShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    conditions = AnyJson()
    is_active = serializers.BooleanField()
    customers = serializers.IntegerField()


class SegmentsShape(serializers.Serializer[Any]):
    segments = SegmentShape(many=True)


class EventShape(serializers.Serializer[Any]):
    kind = serializers.CharField()
    says = serializers.CharField()
    item = serializers.CharField()
    name = serializers.CharField()
    at = serializers.DateTimeField()


class SegmentName(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class InsightShape(serializers.Serializer[Any]):
    segments = SegmentName(many=True)
    bought = serializers.IntegerField()
    events = EventShape(many=True, help_text="The newest twenty.")


class WorthShape(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=["too_few", "none", "more", "fewer"])
    says = serializers.CharField()
    shown = serializers.IntegerField(
        help_text="Conversations with recommendations, fourteen days over."
    )
    control = serializers.IntegerField(help_text="Drawn to have none.")
    share_shown = serializers.FloatField(allow_null=True)
    share_control = serializers.FloatField(allow_null=True)
    plain = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    adjusted = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="The difference and its 95 % interval, evened out by what was known before.",
    )
    positions = serializers.ListField(child=AnyJson())
    segments = serializers.ListField(
        child=AnyJson(),
        help_text="name, shown, control, verdict and adjusted of each, as it was then.",
    )
    silent = AnyJson(
        help_text="How often nothing was shown, by reason; and how often something was."
    )


def segment_shape(row: Segment) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "name": row.name,
        "description": row.description,
        "conditions": row.conditions,
        "is_active": row.is_active,
        "customers": customers_in(row.conditions, at=timezone.now()).count(),
    }


def _segment(key: UUID) -> Segment:
    row = Segment.objects.filter(uuid=key).first()
    if row is None:
        raise NotFound("There is no such segment.")
    return row


def _saved(row: Segment) -> Segment:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Taken("There is a segment of this name.") from None
    return row


class SegmentsApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: SegmentsShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """All segments, with how many customers belong now."""
        require(agent_of(request), SEE_ALL)
        return Response({"segments": [segment_shape(row) for row in Segment.objects.all()]})

    @extend_schema(request=SegmentWords, responses={201: SegmentShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        require(agent_of(request), CHANGE)
        row = _saved(Segment(created_at=timezone.now(), **words_of(SegmentWords, request)))
        return Response(segment_shape(row), status=status.HTTP_201_CREATED)


class SegmentApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(request=SegmentWords, responses={200: SegmentShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        require(agent_of(request), CHANGE)
        row = _segment(key)
        for name, value in words_of(SegmentWords, request, partial=True).items():
            setattr(row, name, value)
        return Response(segment_shape(_saved(row)))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Refused while something is offered only to them."""
        require(agent_of(request), CHANGE)
        try:
            _segment(key).delete()
        except ProtectedError:
            raise Taken("Something is offered only to them.") from None
        return Response(status=status.HTTP_204_NO_CONTENT)


class AudienceApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=PAGING, responses={200: page_of(CustomerLine, "AudiencePage"), **PROBLEMS}
    )
    def get(self, request: Request, key: UUID) -> Response:
        """Who belongs now, the newest customers first."""
        require(agent_of(request), SEE_ALL)
        cursor, limit = paging_of(request)
        rows = customers_in(_segment(key).conditions, at=timezone.now())
        page = keyset.page(
            rows.select_related("company", "owner"), _NEWEST, cursor=cursor, limit=limit
        )
        return paged(request, page, customer_line)


class InsightApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: InsightShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """The segments somebody belongs to, and what they did with our products and services."""
        customer = customer_for(agent_of(request), key)
        rows = events_of(customer)
        return Response(
            {
                "segments": [
                    {"id": str(one.uuid), "name": one.name}
                    for one in segments_of(customer, at=timezone.now())
                ],
                "bought": rows.filter(kind="bought").count(),
                "events": [
                    {
                        "kind": one.kind,
                        "says": one.get_kind_display(),
                        "item": one.item.key,
                        "name": one.item.name,
                        "at": moment(one.at),
                    }
                    for one in rows[:EVENTS]
                ],
            }
        )


class WorthApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=[OpenApiParameter("days", int), OpenApiParameter("place", str)],
        responses={200: WorthShape, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """What recommending is worth, with its interval; `none` is “no measurable effect”."""
        require(agent_of(request), REPORTS)
        words = WorthWords(data=request.query_params)
        words.is_valid(raise_exception=True)
        asked = words.validated_data
        since = timezone.now() - timedelta(days=asked["days"])
        return Response(worth_shape(worth(since=since, place=asked["place"] or None)))


class WorthWords(serializers.Serializer[Any]):
    days = serializers.IntegerField(min_value=1, max_value=730, required=False, default=90)
    place = serializers.ChoiceField(choices=["console", "widget", ""], required=False, default="")


def worth_shape(found: Any) -> dict[str, Any]:
    lift = found.uplift
    return {
        "verdict": lift.verdict,
        "says": found.says,
        "shown": lift.shown,
        "control": lift.control,
        "share_shown": lift.share_shown,
        "share_control": lift.share_control,
        "plain": lift.plain,
        "adjusted": lift.adjusted,
        "positions": [
            {
                name: getattr(one, name)
                for name in ("position", "shown", "clicked", "bought", "by_chance")
            }
            for one in found.positions
        ],
        "segments": [
            {
                "name": one.name,
                "shown": one.uplift.shown,
                "control": one.uplift.control,
                "verdict": one.uplift.verdict,
                "adjusted": one.uplift.adjusted,
            }
            for one in found.segments
        ],
        "silent": found.silent,
    }
