"""The help centre for the widget: an article to read, and whether it helped."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.text import Truncator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bots.actions import readers, voting
from bots.audiences import reader_of_inbox
from bots.help_centre.shelves import in_language, published_for, translations
from bots.help_centre.views import SEARCHES, VOTES, asked_words, inbox_of_host
from bots.knowledge.reading import html_of
from bots.knowledge.text import language_of
from bots.models import Article, Place, Reader, Readership
from bots.reads.found import found_articles
from bots.sources.rows import LANGUAGE
from conversations.access import session_of
from conversations.models import Session

_MOST_TYPED = 6


class _ForReaders(APIView):
    """A customer's session token, if there is one, says who reads; a wrong one says nothing."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def session(self) -> Session | None:
        word, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return session_of(token, at=timezone.now()) if word.casefold() == "bearer" else None

    def voter(self, session: Session | None) -> str:
        if session is not None:
            return voting.voter_by_customer(session.customer.uuid)
        agent = self.request.headers.get("User-Agent", "")
        return voting.voter_by_address(self.request.META.get("REMOTE_ADDR", ""), agent)


def _reader(session: Session | None) -> Readership:
    if session is None:
        return Reader.ANYBODY
    return reader_of_inbox(
        customer_id=session.customer_id, inbox_id=session.inbox_id, at=timezone.now()
    )


class FoundArticle(serializers.Serializer[dict[str, Any]]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    excerpt = serializers.CharField()
    language = serializers.CharField()
    url = serializers.CharField()


class HelpArticle(_ForReaders):
    """One published article as this reader may read it."""

    class Output(serializers.Serializer[dict[str, Any]]):
        id = serializers.UUIDField()
        title = serializers.CharField()
        html = serializers.CharField()
        language = serializers.CharField()
        url = serializers.CharField()
        version = serializers.IntegerField()
        translations = serializers.DictField(child=serializers.UUIDField())
        helpful = serializers.BooleanField(allow_null=True)
        updated_at = serializers.DateTimeField()

    @extend_schema(
        responses=Output,
        auth=[],
        parameters=[
            OpenApiParameter(
                "lang",
                str,
                description="In this language if there is one, else in its base language, else in"
                " the default one; `language` says which it is.",
            )
        ],
    )
    def get(self, request: Request, key: UUID) -> Response:
        session = self.session()
        reader = _reader(session)
        asked = published_for(reader, key)
        if asked is None:
            raise NotFound("There is no such article.")
        family = translations(asked, reader)
        wanted = request.query_params.get("lang", "")
        article: Article = (LANGUAGE.match(wanted) and in_language(family, wanted)) or asked
        self.count(article, session, wanted)
        said = voting.vote_of(
            article_id=article.pk, number=article.version, voter=self.voter(session)
        )
        return Response(
            self.Output(
                {
                    "id": article.uuid,
                    "title": article.title,
                    "html": html_of(article.body),
                    "language": article.language,
                    "url": article.get_absolute_url(),
                    "version": article.version,
                    "translations": {o.language: o.uuid for o in family if o.pk != article.pk},
                    "helpful": said,
                    "updated_at": article.updated_at,
                }
            ).data
        )

    def count(self, article: Article, session: Session | None, language: str) -> None:
        if readers.is_machine(self.request):
            return
        visitor = self.voter(session)
        readers.count_view(
            article,
            visitor=visitor,
            place=Place.WIDGET,
            language=language if LANGUAGE.match(language) else article.language,
            at=timezone.now(),
        )
        if "found" in self.request.query_params:
            readers.count_opened(visitor=visitor)


class HelpSearch(_ForReaders):
    """What answers some words, the best first: for a search that shows results while one types."""

    class Output(serializers.Serializer[dict[str, Any]]):
        results = FoundArticle(many=True)

    @extend_schema(
        responses=Output,
        auth=[],
        parameters=[
            OpenApiParameter("q", str, description="At most 300 characters are read."),
            OpenApiParameter("lang", str, description="The reader's language."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Nothing of it is counted or kept."""
        found = self.found(request.query_params, self.session())
        return Response(self.Output({"results": found}).data)

    class Input(serializers.Serializer[Any]):
        q = serializers.CharField(max_length=300)
        lang = serializers.RegexField(LANGUAGE, max_length=35, default="en")
        place = serializers.ChoiceField(Place.choices, default=Place.HELP)

    @extend_schema(request=Input, responses={204: None}, auth=[])
    def post(self, request: Request) -> Response:
        """The reader has stopped typing: these words were a search. They are counted once for each
        reader, without personal data."""
        given = self.Input(data=request.data)
        given.is_valid(raise_exception=True)
        said, session = given.validated_data, self.session()
        found = self.found(said, session)
        if not readers.is_machine(request):
            readers.count_search(
                said["q"],
                found=len(found),
                visitor=self.voter(session),
                place=Place(said["place"]),
                language=said["lang"],
                at=timezone.now(),
            )
        return Response(status=204)

    def found(self, said: Mapping[str, Any], session: Session | None) -> list[dict[str, Any]]:
        SEARCHES.check(str(self.request.META.get("REMOTE_ADDR", "")))
        asked, language = asked_words(said.get("q", "")), said.get("lang", "")
        if not asked:
            return []
        spoken = language_of(asked, otherwise=language[:2] if LANGUAGE.match(language) else "en")
        reader = _reader(session)
        own = None if session else inbox_of_host(self.request)
        inbox = session.inbox_id if session else own.pk if own else None
        return [
            {
                "id": one.article.uuid,
                "title": one.article.title,
                "excerpt": Truncator(one.excerpt).chars(160),
                "language": one.article.language,
                "url": one.article.get_absolute_url(),
            }
            for one in found_articles(
                asked, language=spoken, reader=reader, inbox_id=inbox, most=_MOST_TYPED
            )
        ]


class HelpVote(_ForReaders):
    """Did this version help? One vote of each visitor for each version; it may be changed."""

    class Input(serializers.Serializer[Any]):
        version = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
        helpful = serializers.BooleanField()

    @extend_schema(request=Input, responses={204: None}, auth=[])
    def post(self, request: Request, key: UUID) -> Response:
        VOTES.check(str(request.META.get("REMOTE_ADDR", "")))
        given = self.Input(data=request.data)
        given.is_valid(raise_exception=True)
        session = self.session()
        voting.vote(
            article=key,
            number=given.validated_data["version"],
            reader=_reader(session),
            voter=self.voter(session),
            helpful=given.validated_data["helpful"],
            at=timezone.now(),
        )
        return Response(status=204)
