"""The wall over HTTP: how everything stands now. What comes after is told by the socket."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, supervisor_of
from agents.api.shapes import PROBLEMS, AnyJson
from agents.models import Queue
from agents.queries import queue_counts
from agents.reads.wall import talks_for, wall_frame


class WallShape(serializers.Serializer[Any]):
    type = serializers.CharField()
    at = serializers.DateTimeField()
    numbers = AnyJson(help_text="What is not known is null.")
    queues = serializers.ListField(child=AnyJson())
    agents = serializers.ListField(child=AnyJson())
    conversations = serializers.ListField(child=AnyJson())


class WallApi(APIView):
    """Six numbers, the queues, the agents, and the conversations in hand."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: WallShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        supervisor = supervisor_of(request)
        at = timezone.now()
        queues = [count.frame() for count in queue_counts(list(Queue.objects.all()), at=at)]
        return Response({**wall_frame(queues, at=at), "conversations": talks_for(supervisor)})
