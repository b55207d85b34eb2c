"""What agents keep for themselves and for others: one of it read, changed and thrown away over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of
from agents.models import Agent


class KeptList(APIView):
    """A new one. `save` takes what is there (None: nothing yet), the agent, and the checked words."""

    permission_classes = (MayAnswer,)
    words: type[serializers.Serializer[Any]]
    shown: Callable[[Any], dict[str, Any]]
    save: Callable[..., Any]

    def post(self, request: Request) -> Response:
        data = self.words(data=request.data)
        data.is_valid(raise_exception=True)
        row = self.save(None, agent=agent_of(request), words=data.validated_data)
        return Response(self.shown(row), status=status.HTTP_201_CREATED)


class KeptOne(APIView):
    """`find` gives what this agent may use; `may_change` raises NotAllowed."""

    permission_classes = (MayAnswer,)
    words: type[serializers.Serializer[Any]]
    shown: Callable[[Any], dict[str, Any]]
    save: Callable[..., Any]
    find: Callable[[Agent, UUID], Any]
    may_change: Callable[[Any, Agent], None]

    def get(self, request: Request, key: UUID) -> Response:
        return Response(self.shown(self.find(agent_of(request), key)))

    def patch(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        row = self.find(agent, key)
        data = self.words(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        saved = self.save(row, agent=agent, words=data.validated_data)
        return Response(self.shown(saved))

    def delete(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        row = self.find(agent, key)
        self.may_change(row, agent)
        row.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
