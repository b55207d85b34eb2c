"""Companies over HTTP: linked by hand; with their customers and conversations."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, customers_of, require, visible_to
from agents.api import case_shapes as shapes
from agents.api.case_views import Line, words_of
from agents.api.customers import LATEST_TALKS, NEWEST
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS
from agents.reads.cases import line_of
from agents.reads.customers import company_line, company_of, customer_line
from conversations.actions.attributes import change_company
from conversations.errors import NotFound, Taken
from conversations.models import Company
from conversations.words import TEXT_LIMIT, clean_text

_TAKEN = "There is a company of this name already."


class CompanyWords(serializers.Serializer[Any]):
    name = Line(max_length=200)
    domain = serializers.RegexField(
        r"^([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$", max_length=253, required=False, allow_blank=True
    )
    notes = serializers.CharField(max_length=TEXT_LIMIT, required=False, allow_blank=True)
    attributes = serializers.DictField(required=False)

    def validate_domain(self, domain: str) -> str:
        return domain.lower()

    def validate_notes(self, notes: str) -> str:
        return clean_text(notes)


class CompanyFilters(serializers.Serializer[Any]):
    search = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CompaniesApi(APIView):
    """The companies, the newest first."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        operation_id="companies_list",
        parameters=[CompanyFilters, *PAGING],
        responses={200: page_of(shapes.CompanyLine, "CompanyPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        cursor, limit = paging_of(request)
        filters = CompanyFilters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = Company.objects.all()
        if words := filters.validated_data.get("search"):
            rows = rows.filter(Q(name__icontains=words) | Q(domain__icontains=words))
        page = keyset.page(rows, NEWEST, cursor=cursor, limit=limit)
        return paged(request, page, lambda row: company_line(row) or {})

    @extend_schema(request=CompanyWords, responses={201: shapes.CompanyShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        agent = agent_of(request)
        require(agent, "conversations.add_company")
        words = words_of(CompanyWords, request)
        attributes = words.pop("attributes", None)
        at = timezone.now()
        try:
            with transaction.atomic():
                made = Company.objects.create(**words, created_at=at)
                if attributes:
                    made = change_company(
                        company_id=made.pk,
                        given={},
                        attributes=attributes,
                        agent_id=agent.pk,
                        at=at,
                    )
        except IntegrityError as error:
            raise Taken(_TAKEN) from error
        return Response(company_of(made, agent), status=status.HTTP_201_CREATED)


def company_for(key: UUID) -> Company:
    found = Company.objects.filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such company.")
    return found


class CompanyApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: shapes.CompanyShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        return Response(company_of(company_for(key), agent_of(request)))

    @extend_schema(request=CompanyWords, responses={200: shapes.CompanyShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        agent, company = agent_of(request), company_for(key)
        require(agent, "conversations.change_company")
        words = words_of(CompanyWords, request, partial=True)
        try:
            changed = change_company(
                company_id=company.pk,
                attributes=words.pop("attributes", None),
                given=words,
                agent_id=agent.pk,
                at=timezone.now(),
            )
        except IntegrityError as error:
            raise Taken(_TAKEN) from error
        return Response(company_of(changed, agent))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Its customers stay, linked to no company."""
        require(agent_of(request), "conversations.delete_company")
        company_for(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class CompanyCustomersApi(APIView):
    """Its customers of whom I may see something."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=PAGING,
        responses={200: page_of(shapes.CustomerLine, "CompanyCustomerPage"), **PROBLEMS},
    )
    def get(self, request: Request, key: UUID) -> Response:
        cursor, limit = paging_of(request)
        rows = customers_of(agent_of(request)).filter(company=company_for(key))
        page = keyset.page(
            rows.select_related("company", "owner"), NEWEST, cursor=cursor, limit=limit
        )
        return paged(request, page, customer_line)


class CompanyTalksApi(APIView):
    """What I may see of its customers' conversations, the latest first."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=PAGING,
        responses={200: page_of(shapes.TalkLine, "CompanyTalkPage"), **PROBLEMS},
    )
    def get(self, request: Request, key: UUID) -> Response:
        cursor, limit = paging_of(request)
        rows = visible_to(agent_of(request)).filter(customer__company=company_for(key))
        return paged(request, keyset.page(rows, LATEST_TALKS, cursor=cursor, limit=limit), line_of)
