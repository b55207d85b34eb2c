"""The customer's doors over HTTP: open a session, send a file; and the door that serves files."""

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.access import session_of
from conversations.actions.session import Claims, attach_identity, open_session
from conversations.errors import NotAllowed, NotFound, Refused
from conversations.languages import known_language
from conversations.lifecycle import shown
from conversations.limits import Limit
from conversations.models import Upload
from conversations.uploads import as_attachment, is_address_of, keep
from conversations.words import clean_line
from inboxes.models import Inbox

_sessions = Limit(rate=settings.SESSIONS_PER_MINUTE / 60, burst=settings.SESSIONS_PER_MINUTE)
_uploads = Limit(rate=settings.UPLOADS_PER_MINUTE / 60, burst=settings.UPLOADS_PER_MINUTE)
# A megabyte each, on the average: the disk is everybody's.
_bytes = Limit(
    rate=settings.UPLOADS_PER_MINUTE / 60 * 1_048_576, burst=10 * settings.UPLOAD_MAX_BYTES
)


class Unauthorised(Refused):
    code = "unauthorized"
    http_status = 401


class Problem(serializers.Serializer[Any]):
    """Every refusal looks like this."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField()  # type: ignore[assignment]  # the API says `fields`


class CustomerClaims(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    external_id = serializers.CharField(max_length=200, required=False, allow_blank=True)
    signature = serializers.CharField(max_length=200, required=False, allow_blank=True)
    attributes = serializers.DictField(required=False)


class SessionRequest(serializers.Serializer[Any]):
    inbox = serializers.CharField(max_length=64, required=False)
    language = serializers.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=16, required=False, allow_blank=True
    )
    customer = CustomerClaims(required=False)
    token = serializers.CharField(max_length=100, required=False)


class SessionAnswer(serializers.Serializer[Any]):
    token = serializers.CharField()
    conversation = serializers.UUIDField()
    customer = serializers.UUIDField()
    socket = serializers.CharField()
    state = serializers.CharField()
    seq = serializers.IntegerField()


def address_of(request: HttpRequest | Request) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def check_origin(request: Request, inbox: Inbox) -> None:
    """A page may speak for an inbox if it is on this server, or on a site the inbox allows."""
    origin = request.headers.get("Origin", "")
    ours = urlsplit(origin).netloc.lower() == request.get_host().lower()
    if origin and not ours and origin not in inbox.allowed_origins:
        raise NotAllowed("This site may not use this inbox.")


class SessionApi(APIView):
    """A customer's key to one conversation; with a token, the same one again."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        request=SessionRequest,
        responses={
            201: SessionAnswer,
            400: Problem,
            401: Problem,
            403: Problem,
            404: Problem,
            429: Problem,
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        _sessions.check(address_of(request))
        data = SessionRequest(data=request.data)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        claims = Claims(**words.get("customer", {}))
        if words.get("token"):
            return self._resume(words["token"], claims)
        inbox = Inbox.objects.filter(key=words.get("inbox", ""), is_active=True).first()
        if inbox is None:
            raise NotFound("There is no such inbox.")
        check_origin(request, inbox)
        opened = open_session(
            inbox=inbox,
            language=known_language(words.get("language", ""), offered=inbox.languages),
            claims=claims,
            origin=clean_line(request.headers.get("Origin", ""), limit=200),
            at=timezone.now(),
        )
        return self._answer(opened.token, opened.conversation, opened.customer)

    def _resume(self, token: str, claims: Claims) -> Response:
        at = timezone.now()
        session = session_of(token, at=at)
        if session is None:
            raise Unauthorised("This token is not known, or no longer good.")
        if claims.external_id and claims.signature:
            attach_identity(session=session, claims=claims, at=at)
        return self._answer(token, session.conversation, session.customer)

    @staticmethod
    def _answer(token: str, conversation: Any, customer: Any) -> Response:
        return Response(
            {
                "token": token,
                "conversation": conversation.uuid,
                "customer": customer.uuid,
                "socket": "/ws/chat",
                "state": shown(conversation.state),
                "seq": conversation.seq,
            },
            status=status.HTTP_201_CREATED,
        )


class UploadRequest(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)


class UploadAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    content_type = serializers.CharField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()


class UploadApi(APIView):
    """A customer's file, for a message that follows. `Authorization: Bearer <session token>`."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": UploadRequest},
        responses={
            201: UploadAnswer,
            400: OpenApiResponse(Problem, "Not a file we take, or too large"),
            401: Problem,
            429: Problem,
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        at = timezone.now()
        # By address: sessions are to be had for nothing.
        _uploads.check(address_of(request))
        session = session_of(_token_of(request), at=at)
        if session is None:
            raise Unauthorised("This token is not known, or no longer good.")
        data = UploadRequest(data=request.data)
        data.is_valid(raise_exception=True)
        file = data.validated_data["file"]
        _bytes.check(address_of(request), amount=min(file.size or 0, settings.UPLOAD_MAX_BYTES))
        upload = keep(
            conversation_id=session.conversation_id,
            name=file.name or "",
            content=file.read(settings.UPLOAD_MAX_BYTES + 1),
            by_customer=True,
            at=at,
        )
        return Response(as_attachment(upload), status=status.HTTP_201_CREATED)


def _token_of(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    # A form, because this door's only parser reads forms.
    form: QueryDict = request.data  # type: ignore[assignment]
    said = form.get("token") or request.query_params.get("token")
    return said if isinstance(said, str) else ""


@require_safe
def serve_file(_request: HttpRequest, key: Any, signature: str) -> HttpResponseBase:
    """A file to be saved or shown by an <img>, never a page of ours."""
    upload = Upload.objects.filter(uuid=key).first() if is_address_of(key, signature) else None
    if upload is None:
        raise Http404
    try:
        response = FileResponse((settings.MEDIA_ROOT / upload.file).open("rb"))
    except OSError as error:
        raise Http404 from error
    response["Content-Type"] = upload.content_type
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(upload.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=86400"
    response["Cross-Origin-Resource-Policy"] = "same-site"
    return response
