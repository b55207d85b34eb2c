"""Opening hours over HTTP: a schedule with its week and its holidays, written whole."""

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, require
from agents.api.case_views import Line, words_of
from agents.api.setup_people import keep
from agents.api.shapes import PROBLEMS
from agents.models import Holiday, OpeningHours, Schedule
from agents.reads.policies import hours_in
from conversations.errors import NotFound
from conversations.frames import moment

_SHOWN = 200


class OpeningShape(serializers.Serializer[Any]):
    """One stretch of a weekday; Monday is 0. Past midnight it closes earlier than it opens."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    opens = serializers.TimeField()
    closes = serializers.TimeField()


class HolidayShape(serializers.Serializer[Any]):
    """A date that is not as its weekday; without times it is closed."""

    day = serializers.DateField()
    name = Line(max_length=80, required=False, allow_blank=True, default="")
    opens = serializers.TimeField(required=False, allow_null=True, default=None)
    closes = serializers.TimeField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["opens"] is None) != (attrs["closes"] is None):
            raise serializers.ValidationError({"closes": ["Say both times, or neither."]})
        return attrs


class ScheduleWords(serializers.Serializer[Any]):
    name = Line(max_length=80)
    time_zone = serializers.CharField(max_length=64)
    hours = serializers.ListField(child=OpeningShape(), max_length=70)
    holidays = serializers.ListField(child=HolidayShape(), max_length=500, required=False)

    def validate_time_zone(self, name: str) -> str:
        if name not in available_timezones():
            raise serializers.ValidationError("Not a time zone, such as Europe/Berlin.")
        return name

    def validate_hours(self, hours: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _once(hours, "weekday")

    def validate_holidays(self, days: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _once(days, "day")


class ScheduleShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    hours = OpeningShape(many=True)
    holidays = HolidayShape(many=True)
    is_open = serializers.BooleanField(help_text="Now.")
    next_opening = serializers.DateTimeField(allow_null=True)


def _once(rows: list[dict[str, Any]], day: str) -> list[dict[str, Any]]:
    """Nothing opens twice at the same moment."""
    if len({(row[day], row["opens"]) for row in rows}) < len(rows):
        raise serializers.ValidationError("Two of them open at the same time of the same day.")
    return rows


def _shown(row: Schedule) -> dict[str, Any]:
    hours, now = hours_in(row), timezone.now()
    return {
        "id": str(row.uuid),
        "name": row.name,
        "time_zone": row.time_zone,
        "hours": [
            {"weekday": one.weekday, "opens": one.opens, "closes": one.closes}
            for one in row.opening_hours.all()
        ],
        "holidays": [
            {"day": one.day, "name": one.name, "opens": one.opens, "closes": one.closes}
            for one in row.holidays.all()
        ],
        "is_open": hours.is_open(now),
        "next_opening": moment(hours.next_opening(now)),
    }


def _by(key: UUID) -> Schedule:
    found = Schedule.objects.prefetch_related("opening_hours", "holidays").filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such schedule.")
    return found


@transaction.atomic
def _write(row: Schedule, words: dict[str, Any]) -> Schedule:
    """The week and the holidays are replaced by what was said."""
    row.name, row.time_zone = words["name"], words["time_zone"]
    keep(row)
    row.opening_hours.all().delete()
    row.holidays.all().delete()
    OpeningHours.objects.bulk_create(OpeningHours(schedule=row, **one) for one in words["hours"])
    Holiday.objects.bulk_create(Holiday(schedule=row, **one) for one in words.get("holidays", []))
    return _by(row.uuid)


class SchedulesApi(APIView):
    """Opening hours; a schedule does nothing until the rule `hours` names it somewhere."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: ScheduleShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        rows = Schedule.objects.prefetch_related("opening_hours", "holidays")[:_SHOWN]
        return Response([_shown(row) for row in rows])

    @extend_schema(request=ScheduleWords, responses={201: ScheduleShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        require(agent_of(request), "agents.add_schedule")
        row = _write(Schedule(), words_of(ScheduleWords, request))
        return Response(_shown(row), status=status.HTTP_201_CREATED)


class ScheduleApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: ScheduleShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        return Response(_shown(_by(key)))

    @extend_schema(request=ScheduleWords, responses={200: ScheduleShape, **PROBLEMS})
    def put(self, request: Request, key: UUID) -> Response:
        """Written whole: what is not in it is gone."""
        require(agent_of(request), "agents.change_schedule")
        return Response(_shown(_write(_by(key), words_of(ScheduleWords, request))))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Rules that name it are as if they were not there: always open."""
        require(agent_of(request), "agents.delete_schedule")
        _by(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
