"""What a machine read in the files of a conversation, over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.case_views import CaseView
from agents.api.shapes import PROBLEMS
from conversations.models import Upload


class ReadFileShape(serializers.Serializer[Any]):
    """Machine-made: it may be wrong."""

    id = serializers.UUIDField(source="uuid", help_text="Of the attachment.")
    text = serializers.CharField(source="read_text")
    by = serializers.CharField(source="read_by", help_text="Which model.")
    at = serializers.DateTimeField(source="read_at")


class ReadFilesShape(serializers.Serializer[Any]):
    files = ReadFileShape(many=True)


class ReadFilesApi(CaseView):
    @extend_schema(responses={200: ReadFilesShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        """Words in pictures and voice notes that the customer sent, as far as they were read."""
        _, conversation = self.case(request, key)
        rows = Upload.objects.filter(conversation=conversation, read_state=Upload.Read.DONE)
        return Response({"files": ReadFileShape(rows.order_by("pk")[:200], many=True).data})
