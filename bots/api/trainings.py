"""Trainings for programs: what one would use, one begun, how it goes, an end to it."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bots.access import ADOPT
from bots.actions import training
from bots.api.adapters import MayAdopt
from bots.models import TrainingRun
from bots.tasks import train
from conversations.later import queue_task


class MayTrain(MayAdopt):
    NEEDED = dict.fromkeys(("GET", "HEAD", "OPTIONS"), "bots.view_trainingrun") | {"POST": ADOPT}


class TrainingOut(serializers.ModelSerializer[TrainingRun]):
    """`curve` has the losses by step: of what is learnt from (`loss`), of what is only watched (`eval_loss`)."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    curve = serializers.ListField(child=serializers.DictField(), read_only=True)
    adapter = serializers.SlugRelatedField[Any](
        slug_field="uuid", read_only=True, help_text="What it made, when it is done."
    )

    class Meta:
        model = TrainingRun
        fields = [
            "id", "name", "state", "examples", "minutes", "epochs", "rank", "stage", "done", "total", "seconds",
            "curve", "tries", "trouble", "asked_at", "ended_at", "adapter",
        ]  # fmt: skip
        read_only_fields = fields


class TrainingIn(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60, default=60)
    epochs = serializers.IntegerField(min_value=1, max_value=20, default=3)
    rank = serializers.IntegerField(min_value=1, max_value=64, default=8)


class TrainingPlan(serializers.Serializer[Any]):
    examples = serializers.IntegerField(help_text="Accepted.")
    waiting = serializers.IntegerField(help_text="To be looked at.")
    minutes = serializers.IntegerField(help_text="Of one core, about, with three passes.")
    against = serializers.CharField(help_text="Why there can be none now; empty: nothing.")


@extend_schema(parameters=[OpenApiParameter("state", str, enum=TrainingRun.State.values)])
class TrainingViewSet(viewsets.ReadOnlyModelViewSet[TrainingRun]):
    """The language model taught from the accepted training examples, one training at a time."""

    serializer_class = TrainingOut
    permission_classes = (MayTrain,)
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    queryset = TrainingRun.objects.all()

    def get_queryset(self) -> Any:
        found = TrainingRun.objects.select_related("adapter").defer("adapter__weights")
        state = self.request.query_params.get("state")
        return found.filter(state=state) if state and "\0" not in state else found

    @extend_schema(parameters=[], request=TrainingIn, responses={201: TrainingOut})
    def create(self, request: Request) -> Response:
        """Begins one; 409 while one is under way, or with too few accepted examples."""
        given = TrainingIn(data=request.data)
        given.is_valid(raise_exception=True)
        row = training.ask(**given.validated_data, by_id=request.user.pk, at=timezone.now())
        queue_task(train)
        return Response(self.get_serializer(row).data, status=201)

    @extend_schema(parameters=[], responses=TrainingPlan, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def plan(self, request: Request) -> Response:
        """What one would use, and how long it would take."""
        return Response(TrainingPlan(training.plan()).data)

    @extend_schema(parameters=[], request=None, responses=TrainingOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: UUID) -> Response:  # noqa: A002 -- as in the address
        """Ends it; what it had done is removed."""
        training.cancel(run=id, at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)
