"""Customers over HTTP: who they are, what was noted, what they said before, and blocking them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import SUPERVISE, MayAnswer, agent_of, customer_for, customers_of, require
from agents.actions.case import block_customer
from agents.api import case_shapes as shapes
from agents.api.case_views import Line, words_of
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS
from agents.models import Agent
from agents.reads.customers import customer_line, customer_of, note_of, past_line, talks_with
from conversations.actions.attributes import change_customer
from conversations.actions.customer_notes import edit_note, write_note
from conversations.actions.standing import unblock
from conversations.errors import NotFound
from conversations.models import Company, Customer, CustomerNote
from conversations.words import TEXT_LIMIT, clean_text

NEWEST = (keyset.Key("pk", "pk", int, descending=True),)
LATEST_TALKS = (
    keyset.Key("last_message_at", "last_message_at", datetime, descending=True),
    keyset.Key("pk", "pk", int, descending=True),
)
CHANGE = "conversations.change_customer"
BLOCK = "conversations.block_customers"


class CustomerFilters(serializers.Serializer[Any]):
    search = serializers.CharField(max_length=200, required=False, allow_blank=True)
    company = serializers.UUIDField(required=False)
    blocked = serializers.BooleanField(required=False, allow_null=True, default=None)


class CustomersApi(APIView):
    """Customers of whom I may see something, the newest first."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        operation_id="customers_list",
        parameters=[CustomerFilters, *PAGING],
        responses={200: page_of(shapes.CustomerLine, "CustomerPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        cursor, limit = paging_of(request)
        filters = CustomerFilters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = customers_of(agent_of(request)).select_related("company", "owner")
        wanted = filters.validated_data
        if words := wanted.get("search"):
            rows = rows.filter(
                Q(name__icontains=words) | Q(email__icontains=words) | Q(phone__icontains=words)
            )
        if "company" in wanted:
            rows = rows.filter(company__uuid=wanted["company"])
        if wanted["blocked"] is not None:
            rows = rows.filter(is_blocked=wanted["blocked"])
        return paged(request, keyset.page(rows, NEWEST, cursor=cursor, limit=limit), customer_line)


class CustomerWords(serializers.Serializer[Any]):
    name = Line(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = Line(max_length=40, required=False, allow_blank=True)
    company = serializers.UUIDField(required=False, allow_null=True)
    owner = serializers.UUIDField(required=False, allow_null=True)
    attributes = serializers.DictField(required=False)


class CustomerView(APIView):
    """A door to one customer of whom the agent may see something."""

    permission_classes = (MayAnswer,)

    def customer(self, request: Request, key: UUID) -> tuple[Agent, Customer]:
        agent = agent_of(request)
        return agent, customer_for(agent, key)


class CustomerApi(CustomerView):
    @extend_schema(responses={200: shapes.CustomerShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """The customer with everything that a panel shows."""
        agent, customer = self.customer(request, key)
        return Response(customer_of(customer, agent))

    @extend_schema(request=CustomerWords, responses={200: shapes.CustomerShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        """Corrects what we know; links a company, and who looks after them (null: none).

        What changed is on record.
        """
        agent, customer = self.customer(request, key)
        require(agent, CHANGE)
        words = words_of(CustomerWords, request)
        if words.get("company") is not None:
            company = Company.objects.filter(uuid=words["company"]).first()
            if company is None:
                raise NotFound("There is no such company.")
            words["company"] = company
        if words.get("owner") is not None:
            owner = Agent.objects.filter(uuid=words["owner"], is_active=True).first()
            if owner is None:
                raise NotFound("There is no such agent.")
            words["owner"] = owner
        change_customer(
            customer_id=customer.pk,
            attributes=words.pop("attributes", None),
            given=words,
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(customer_of(customer_for(agent, key), agent))


class CustomerTalksApi(CustomerView):
    """What I may see of the customer's conversations, the latest first."""

    @extend_schema(
        parameters=PAGING, responses={200: page_of(shapes.TalkLine, "TalkPage"), **PROBLEMS}
    )
    def get(self, request: Request, key: UUID) -> Response:
        cursor, limit = paging_of(request)
        agent, customer = self.customer(request, key)
        rows = talks_with(customer, agent)
        return paged(
            request, keyset.page(rows, LATEST_TALKS, cursor=cursor, limit=limit), past_line
        )


class NoteWords(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=TEXT_LIMIT)
    is_pinned = serializers.BooleanField(required=False)

    def validate_text(self, text: str) -> str:
        cleaned = clean_text(text)
        if not cleaned:
            raise serializers.ValidationError("A note has a text.")
        return cleaned


class CustomerNotesApi(CustomerView):
    """What agents should know of this customer, the newest first."""

    @extend_schema(
        parameters=PAGING, responses={200: page_of(shapes.NoteShape, "NotePage"), **PROBLEMS}
    )
    def get(self, request: Request, key: UUID) -> Response:
        cursor, limit = paging_of(request)
        _, customer = self.customer(request, key)
        rows = customer.notes.select_related("agent")
        return paged(request, keyset.page(rows, NEWEST, cursor=cursor, limit=limit), note_of)

    @extend_schema(request=NoteWords, responses={201: shapes.NoteShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, customer = self.customer(request, key)
        words = words_of(NoteWords, request)
        made = write_note(
            customer_id=customer.pk,
            text=words["text"],
            pinned=words.get("is_pinned", False),
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(note_of(made), status=status.HTTP_201_CREATED)


class CustomerNoteApi(CustomerView):
    def note(self, request: Request, key: UUID, note: UUID) -> tuple[Agent, CustomerNote]:
        agent, customer = self.customer(request, key)
        found = customer.notes.select_related("agent").filter(uuid=note).first()
        if found is None:
            raise NotFound("There is no such note.")
        return agent, found

    @extend_schema(request=NoteWords, responses={200: shapes.NoteShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID, note: UUID) -> Response:
        """Everybody may pin; only the author rewords."""
        agent, found = self.note(request, key, note)
        words = words_of(NoteWords, request, partial=True)
        changed = edit_note(
            note=found,
            text=words.get("text"),
            pinned=words.get("is_pinned"),
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(note_of(changed))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID, note: UUID) -> Response:
        """The author's, or a supervisor's, to take away."""
        agent, found = self.note(request, key, note)
        if found.agent_id != agent.pk:
            require(agent, SUPERVISE)
        found.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class BlockApi(CustomerView):
    """The customer can write no more; what was open with them is resolved."""

    class Input(serializers.Serializer[Any]):
        reason = Line(max_length=200, required=False, allow_blank=True, default="")

    @extend_schema(request=Input, responses={200: shapes.CustomerShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, customer = self.customer(request, key)
        require(agent, BLOCK)
        block_customer(
            customer_id=customer.pk,
            agent_id=agent.pk,
            at=timezone.now(),
            **words_of(self.Input, request),
        )
        return Response(customer_of(customer_for(agent, key), agent))

    @extend_schema(responses={200: shapes.CustomerShape, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """They may write again."""
        agent, customer = self.customer(request, key)
        require(agent, BLOCK)
        unblock(customer_id=customer.pk, agent_id=agent.pk, at=timezone.now())
        return Response(customer_of(customer_for(agent, key), agent))
