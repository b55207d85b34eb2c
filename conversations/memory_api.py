"""What is remembered of a customer, at their own door: seen, corrected, erased, switched off."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.access import session_of
from conversations.actions.memory import LONGEST, correct, forget, switch
from conversations.api import Problem, Unauthorised
from conversations.limits import Limit
from conversations.models import Customer, CustomerFact

_PROBLEMS = {400: Problem, 401: Problem, 404: Problem, 429: Problem}
_asked = Limit(rate=2.0, burst=30)


class RememberedShape(serializers.Serializer[Any]):
    """One thing that is remembered of somebody."""

    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(choices=CustomerFact.Kind.choices)
    about = serializers.SerializerMethodField(help_text="Which of its kind, such as shoes.")
    value = serializers.CharField(help_text="For a language its tag, such as de.")
    state = serializers.ChoiceField(
        choices=["asked", "known"],
        help_text="asked: kept only if the customer agrees, and gone after 30 days.",
    )
    by = serializers.ChoiceField(choices=CustomerFact.By.choices)
    said_at = serializers.DateTimeField()

    def get_about(self, row: CustomerFact) -> str:
        return "" if row.about == row.mark else row.about


class MemoryShape(serializers.Serializer[Any]):
    remembers = serializers.BooleanField()
    facts = RememberedShape(many=True)


class SwitchWords(serializers.Serializer[Any]):
    remembers = serializers.BooleanField(help_text="false: all of it is erased at once.")


class CorrectWords(serializers.Serializer[Any]):
    value = serializers.CharField(
        max_length=LONGEST, required=False, help_text="Left out: it is right, and may be kept."
    )


def remembered_of(customer: Customer) -> list[CustomerFact]:
    return list(customer.remembered.exclude(state=CustomerFact.State.FORGOTTEN))


class OwnDoor(APIView):
    """`Authorization: Bearer <session token>`; a customer sees their own, and nothing else."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def customer(self, request: Request) -> Customer:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        known = session_of(token.strip(), at=timezone.now()) if scheme.lower() == "bearer" else None
        if known is None:
            raise Unauthorised("This token is not known, or no longer good.")
        _asked.check(str(known.pk))
        return known.customer


def _whole(customer: Customer) -> Response:
    facts = remembered_of(customer)
    return Response(
        {"remembers": customer.remembers, "facts": RememberedShape(facts, many=True).data}
    )


class OwnMemoryApi(OwnDoor):
    @extend_schema(responses={200: MemoryShape, **_PROBLEMS}, auth=[])
    def get(self, request: Request) -> Response:
        """What is remembered of me."""
        return _whole(self.customer(request))

    @extend_schema(request=SwitchWords, responses={200: MemoryShape, **_PROBLEMS}, auth=[])
    def patch(self, request: Request) -> Response:
        """Whether anything is remembered of me; off, all of it goes."""
        customer = self.customer(request)
        words = SwitchWords(data=request.data)
        words.is_valid(raise_exception=True)
        return _whole(switch(customer_id=customer.pk, on=words.validated_data["remembers"]))


class OwnFactApi(OwnDoor):
    @extend_schema(request=CorrectWords, responses={200: RememberedShape, **_PROBLEMS}, auth=[])
    def patch(self, request: Request, key: UUID) -> Response:
        """It is something else, or right as it is."""
        customer = self.customer(request)
        words = CorrectWords(data=request.data)
        words.is_valid(raise_exception=True)
        row = correct(
            customer_id=customer.pk,
            key=key,
            value=words.validated_data.get("value"),
            agent_id=None,
            at=timezone.now(),
        )
        return Response(RememberedShape(row).data)

    @extend_schema(responses={204: None, **_PROBLEMS}, auth=[])
    def delete(self, request: Request, key: UUID) -> Response:
        """Erased for good, and not remembered again."""
        customer = self.customer(request)
        forget(customer_id=customer.pk, key=key, agent_id=None, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
