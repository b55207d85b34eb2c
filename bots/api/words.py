"""What words mean to search, for programs: synonyms, stop words, and where a word counts most."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bots.api.articles import MayEditArticles
from bots.knowledge.text import tokens
from bots.models import SearchWeights, StopWord, Synonyms
from bots.models.words import GROUP_LIMIT, WORD_LIMIT, check_synonyms
from bots.sources.rows import LANGUAGE
from conversations.words import clean_line


def _needed(model: str) -> dict[str, str]:
    return {
        method: needed.replace("_article", f"_{model}")
        for method, needed in MayEditArticles.NEEDED.items()
    }


class MayEditSynonyms(MayEditArticles):
    NEEDED = _needed("synonyms")


class MayEditStopWords(MayEditArticles):
    NEEDED = _needed("stopword")


class MayEditWeights(MayEditArticles):
    NEEDED = _needed("searchweights")


class SynonymsShape(serializers.ModelSerializer[Synonyms]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    language = serializers.RegexField(LANGUAGE, max_length=35, required=False, allow_blank=True)
    words = serializers.ListField(
        child=serializers.CharField(max_length=WORD_LIMIT), min_length=2, max_length=GROUP_LIMIT
    )

    class Meta:
        model = Synonyms
        fields = ["id", "language", "words"]

    def validate_words(self, words: list[str]) -> list[str]:
        clean = [_word(word) for word in words]
        try:
            check_synonyms(clean)
        except ValidationError as problem:
            raise serializers.ValidationError(problem.messages) from problem
        return clean


class StopWordShape(serializers.ModelSerializer[StopWord]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    language = serializers.RegexField(LANGUAGE, max_length=35, default="", allow_blank=True)
    word = serializers.CharField(max_length=WORD_LIMIT)

    class Meta:
        model = StopWord
        fields = ["id", "language", "word"]

    def validate_word(self, word: str) -> str:
        return _word(word)


class SearchWeightsShape(serializers.ModelSerializer[SearchWeights]):
    """How much a word of the question counts in a title, an example question, a body: 0 to 5."""

    class Meta:
        model = SearchWeights
        fields = ["title", "questions", "body"]


def _word(text: str) -> str:
    clean = clean_line(text, limit=WORD_LIMIT)
    if not tokens(clean):
        raise serializers.ValidationError("Write a word with letters or digits.")
    return clean


class _Words(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Any],
):
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"


class SynonymsViewSet(_Words):
    """Words and phrases that mean the same: who asks for one finds the others, from the next search on."""

    serializer_class = SynonymsShape
    permission_classes = (MayEditSynonyms,)
    queryset = Synonyms.objects.all()

    def perform_update(self, serializer: Any) -> None:
        serializer.save(updated_at=timezone.now())


class StopWordViewSet(_Words):
    """Words that tell no article from another here, beside those that everybody uses."""

    serializer_class = StopWordShape
    permission_classes = (MayEditStopWords,)
    queryset = StopWord.objects.all()


class SearchWeightsView(APIView):
    """Where a word of the question counts most; the usual is 1 everywhere."""

    permission_classes = (MayEditWeights,)

    @extend_schema(responses=SearchWeightsShape)
    def get(self, request: Request) -> Response:
        return Response(SearchWeightsShape(SearchWeights.objects.first() or SearchWeights()).data)

    @extend_schema(request=SearchWeightsShape, responses=SearchWeightsShape)
    def put(self, request: Request) -> Response:
        held = SearchWeights.objects.first() or SearchWeights(pk=1)
        given = SearchWeightsShape(held, data=request.data)
        given.is_valid(raise_exception=True)
        given.save(updated_at=timezone.now())
        return Response(given.data)
