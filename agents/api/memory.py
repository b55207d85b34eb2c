"""What is remembered of a customer, for agents over HTTP."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from agents.access import customer_for, require
from agents.api.case_shapes import CustomerMemoryShape
from agents.api.case_views import Line, words_of
from agents.api.customers import CHANGE, CustomerView
from agents.api.shapes import PROBLEMS
from agents.models import Agent
from agents.reads.memory import facts_for, memory_of
from conversations.actions.memory import HEALTH, LONGEST, correct, forget, write_down
from conversations.errors import NotFound
from conversations.models import Customer, CustomerFact

_KINDS = [one for one in CustomerFact.Kind.choices if one[0] not in HEALTH]


class FactWords(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=_KINDS, required=False, default="other")
    value = Line(max_length=LONGEST)


class CorrectFactWords(serializers.Serializer[Any]):
    value = Line(max_length=LONGEST)


class CustomerMemoryApi(CustomerView):
    @extend_schema(responses={200: CustomerMemoryShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """What the customer said of themselves, with where and when."""
        agent, customer = self.customer(request, key)
        return Response(memory_of(agent, customer))

    @extend_schema(request=FactWords, responses={201: CustomerMemoryShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        """Writes something down; the customer sees it and may erase it."""
        agent, customer = self.customer(request, key)
        require(agent, CHANGE)
        words = words_of(FactWords, request)
        write_down(customer_id=customer.pk, agent_id=agent.pk, at=timezone.now(), **words)
        return Response(memory_of(agent, customer), status=status.HTTP_201_CREATED)


class CustomerFactApi(CustomerView):
    def fact(self, request: Request, key: UUID, fact: UUID) -> tuple[Agent, Customer]:
        agent, customer = self.customer(request, key)
        require(agent, CHANGE)
        if not facts_for(agent, customer).filter(uuid=fact).exists():
            raise NotFound("Nothing like this is remembered.")
        return agent, customer_for(agent, key)

    @extend_schema(request=CorrectFactWords, responses={200: CustomerMemoryShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID, fact: UUID) -> Response:
        """Corrects it; what concerns somebody's health only the customer does."""
        agent, customer = self.fact(request, key, fact)
        words = words_of(CorrectFactWords, request)
        correct(customer_id=customer.pk, key=fact, agent_id=agent.pk, at=timezone.now(), **words)
        return Response(memory_of(agent, customer))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID, fact: UUID) -> Response:
        """Erased for good, and not remembered again when the same is said."""
        agent, customer = self.fact(request, key, fact)
        forget(customer_id=customer.pk, key=fact, agent_id=agent.pk, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
