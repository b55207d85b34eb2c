"""Reports over HTTP: the same numbers as on the page, for a program."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.models import Agent
from analytics.period import BadPeriod, between
from analytics.quality_shapes import QualityReport, TopicsReport
from analytics.recall import recall
from analytics.reports.bot import bot_share
from analytics.reports.expected import expected_satisfaction
from analytics.reports.handoffs import handoffs
from analytics.reports.quality import quality
from analytics.reports.readers import readers
from analytics.reports.responses import responses
from analytics.reports.satisfaction import satisfaction
from analytics.reports.scope import Scope
from analytics.reports.suggestions import suggestions
from analytics.reports.surveys import surveys
from analytics.reports.topics import topics
from analytics.reports.usage import usage
from analytics.reports.volume import volume
from analytics.reports.waiting import waiting
from analytics.shapes import (
    BotReport,
    ExpectedReport,
    ReadersReport,
    ResponsesReport,
    SatisfactionReport,
    SuggestionsReport,
    SurveysReport,
    UsageReport,
    VolumeReport,
    WaitingReport,
)
from conversations.api import Problem
from inboxes.models import Inbox

_PARAMETERS = [
    OpenApiParameter(
        "from", str, description="A date, or a moment in RFC 3339. Default: a week before the end."
    ),
    OpenApiParameter(
        "to", str, description="A date (included), or a moment (excluded). Default: now."
    ),
    OpenApiParameter("inbox", str, description="An inbox's key. Default: all of them."),
]


class MaySeeReports(BasePermission):
    """Signed in, active, and allowed to see the reports."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return isinstance(user, Agent) and user.is_active and user.has_perm("analytics.see_reports")


def _documented(answer: type[serializers.Serializer[Any]], summary: str) -> Callable[..., Any]:
    decorate: Callable[..., Any] = extend_schema(
        summary=summary,
        parameters=_PARAMETERS,
        responses={
            200: answer,
            400: OpenApiResponse(Problem),
            401: OpenApiResponse(Problem),
            403: OpenApiResponse(Problem),
        },
    )
    return decorate


class _ReportApi(APIView):
    """One report in a span, and the same in the span before."""

    permission_classes = [MaySeeReports]
    answer: ClassVar[type[serializers.Serializer[Any]]]

    def report(self, scope: Scope) -> dict[str, Any]:
        raise NotImplementedError

    def answered(self, request: Request) -> Response:
        scope, inbox = _scope(request)
        body = {
            "from": scope.period.start,
            "to": scope.period.end,
            "inbox": inbox,
            "bucket": scope.period.bucket,
            "current": self.report(scope),
            "previous": self.report(scope.previous()),
        }
        return Response(self.answer(body).data)


def _scope(request: Request) -> tuple[Scope, str | None]:
    given = request.query_params
    if any("\x00" in value for value in given.values()):
        raise serializers.ValidationError({"detail": ["A NUL byte is not allowed."]})
    at = timezone.now()
    try:
        period = between(given.get("from", ""), given.get("to", ""), at=at)
    except BadPeriod as bad:
        raise serializers.ValidationError({bad.field: [bad.detail]}) from bad
    key = given.get("inbox", "")
    if not key:
        return Scope(period, at), None
    inbox = Inbox.objects.filter(key=key).first()
    if inbox is None:
        raise serializers.ValidationError({"inbox": ["There is no inbox with this key."]})
    return Scope(period, at, inbox.pk), inbox.key


class VolumeApi(_ReportApi):
    answer = VolumeReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(volume, scope))

    @_documented(VolumeReport, "How many conversations began")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class BotApi(_ReportApi):
    answer = BotReport

    def report(self, scope: Scope) -> dict[str, Any]:
        found = recall(bot_share, scope)
        return {
            **asdict(found),
            "solved": found.solved,
            "handoffs": asdict(recall(handoffs, scope)),
        }

    @_documented(BotReport, "What the bot settled alone, and why it handed over")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class UsageApi(_ReportApi):
    answer = UsageReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(usage, scope))

    @_documented(UsageReport, "How much of the bot was used")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class ResponsesApi(_ReportApi):
    answer = ResponsesReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(responses, scope))

    @_documented(ResponsesReport, "How long the first answer took, and a person's after a handoff")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class WaitingApi(_ReportApi):
    answer = WaitingReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(waiting, scope))

    @_documented(WaitingReport, "How long customers waited in queues, and the service level")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class SatisfactionApi(_ReportApi):
    answer = SatisfactionReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(satisfaction, scope))

    @_documented(SatisfactionReport, "What customers answered to the survey")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class ExpectedApi(_ReportApi):
    answer = ExpectedReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(expected_satisfaction, scope))

    @_documented(ExpectedReport, "What all customers would have said, whether they answered or not")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class SurveysApi(_ReportApi):
    answer = SurveysReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(surveys, scope))

    @_documented(SurveysReport, "What customers answered to the house's own surveys")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class SuggestionsApi(_ReportApi):
    answer = SuggestionsReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(suggestions, scope))

    @_documented(SuggestionsReport, "What suggestions to agents are worth")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class ReadersApi(APIView):
    """What readers of the help centre read and searched for, and what is missing."""

    permission_classes = [MaySeeReports]

    @extend_schema(
        summary="What readers read, searched for and did not find",
        parameters=[
            *_PARAMETERS[:2],
            OpenApiParameter("language", str, description="Of the readers. Default: all."),
        ],
        responses={200: ReadersReport, 400: OpenApiResponse(Problem)},
    )
    def get(self, request: Request) -> Response:
        scope, _ = _scope(request)
        language = request.query_params.get("language", "")[:35].casefold()
        body = {
            "from": scope.period.start,
            "to": scope.period.end,
            "inbox": None,
            "bucket": "day",
            "current": readers(scope, language=language),
            "previous": readers(scope.previous(), language=language),
        }
        return Response(ReadersReport(body).data)


class MaySeeScores(MaySeeReports):
    """… and the scores of agents."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and request.user.has_perm("quality.see_scores")


class QualityApi(_ReportApi):
    permission_classes = [MaySeeScores]
    answer = QualityReport

    def report(self, scope: Scope) -> dict[str, Any]:
        found = recall(quality, scope)
        return asdict(found) | {"covered": found.covered}

    @_documented(QualityReport, "What score cards say")
    def get(self, request: Request) -> Response:
        return self.answered(request)


class TopicsApi(_ReportApi):
    answer = TopicsReport

    def report(self, scope: Scope) -> dict[str, Any]:
        return asdict(recall(topics, scope))

    @_documented(TopicsReport, "What conversations are about")
    def get(self, request: Request) -> Response:
        return self.answered(request)
