"""A customer's right to their data over HTTP: give all of it out, erase all of it, and what was done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, require
from agents.actions.erasing import erase, export
from agents.api.case_views import Line, words_of
from agents.api.customers import CustomerView
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS
from agents.models import DataRequest
from agents.reads.archive import archive_of
from agents.reads.customer_data import certificate

EXPORT = "agents.export_customers"
ERASE = "agents.erase_customers"
VIEW = "agents.view_datarequest"
_LATEST = (
    keyset.Key("at", "at", datetime, descending=True),
    keyset.Key("pk", "pk", int, descending=True),
)


class WhyWords(serializers.Serializer[Any]):
    reason = Line(max_length=200, help_text="It stays on record: no personal data here.")


class DataRequestShape(serializers.Serializer[Any]):
    """What was given out or erased, without any of it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=DataRequest.Kind.choices)
    customer = serializers.UUIDField()
    asked_by = serializers.CharField(allow_null=True, help_text="null: by a command.")
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    rows = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many of each table."
    )
    files = serializers.IntegerField()
    files_left = serializers.IntegerField(help_text="Could not be deleted yet; tried again.")
    articles = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="Have one of the customer's questions, approved by a person and without "
        "personal data, as an example.",
    )


class ExportApi(CustomerView):
    @extend_schema(
        request=WhyWords,
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **PROBLEMS},
    )
    def post(self, request: Request, key: UUID) -> HttpResponseBase:
        """Everything that is kept of a customer: `data.json` and their files. It is on record."""
        agent, customer = self.customer(request, key)
        require(agent, EXPORT)
        _, data = export(
            customer=customer.uuid,
            agent_id=agent.pk,
            at=timezone.now(),
            **words_of(WhyWords, request),
        )
        answer = FileResponse(
            archive_of(data),
            as_attachment=True,
            filename=f"customer-{customer.uuid}.zip",
            content_type="application/zip",
        )
        answer["Cache-Control"] = "no-store"
        return answer


class EraseApi(CustomerView):
    @extend_schema(request=WhyWords, responses={200: DataRequestShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        """Everything of a customer goes, for good; answers the certificate."""
        agent, customer = self.customer(request, key)
        require(agent, ERASE)
        done = erase(
            customer=customer.uuid,
            agent_id=agent.pk,
            at=timezone.now(),
            **words_of(WhyWords, request),
        )
        return Response(certificate(done))


class DataRequestsApi(APIView):
    """What was given out and erased, the latest first."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=PAGING,
        responses={200: page_of(DataRequestShape, "DataRequestPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        require(agent_of(request), VIEW)
        cursor, limit = paging_of(request)
        rows = DataRequest.objects.select_related("asked_by")
        return paged(request, keyset.page(rows, _LATEST, cursor=cursor, limit=limit), certificate)
