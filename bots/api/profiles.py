"""How the bots behave, for programs: one profile for each inbox, and one for all others."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from bots.actions import gate
from bots.actions.behaving import as_it_was, settle, waiting_for
from bots.api.articles import MayEditArticles
from bots.models import BotFixedAnswer, BotGuideline, BotKeyword, BotProfile, Replay
from bots.models.profile import LANGUAGES, TEXT_LENGTH, TEXTS
from conversations.errors import Taken
from conversations.words import clean_line
from inboxes.models import Inbox

_MOST = 100  # rows of each kind


class MayEditProfiles(MayEditArticles):
    NEEDED = {
        method: needed.replace("_article", "_botprofile")
        for method, needed in MayEditArticles.NEEDED.items()
    }


class MayChangeProfiles(MayEditProfiles):
    """What is done with a profile that is there."""

    NEEDED = {
        **MayEditProfiles.NEEDED,
        "POST": "bots.change_botprofile",
        "DELETE": "bots.change_botprofile",
    }


class KeywordShape(serializers.ModelSerializer[BotKeyword]):
    queue = serializers.SlugRelatedField(
        slug_field="uuid",
        queryset=apps.get_model("agents", "Queue").objects.all(),
        required=False,
        allow_null=True,
        help_text="Where they wait for a person; null: where they would anyway.",
    )

    class Meta:
        model = BotKeyword
        fields = ["words", "then", "queue"]

    def validate_words(self, words: str) -> str:
        return clean_line(words, limit=80)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        BotKeyword(**attrs).clean()
        return attrs


class Texts(serializers.ListField):
    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=80), max_length=TEXTS, **options)


class GuidelineShape(serializers.ModelSerializer[BotGuideline]):
    excludes = Texts(required=False)
    never = Texts(required=False)

    class Meta:
        model = BotGuideline
        fields = ["name", "when", "then", "priority", "excludes", "never"]


class FixedAnswerShape(serializers.ModelSerializer[BotFixedAnswer]):
    words = Texts(min_length=1)
    text = serializers.CharField(max_length=TEXT_LENGTH)

    class Meta:
        model = BotFixedAnswer
        fields = ["words", "text", "language"]


class ProfileShape(serializers.ModelSerializer[BotProfile]):
    replayed: Replay | None = None  # of what was saved last

    id = serializers.UUIDField(source="uuid", read_only=True)
    inbox = serializers.SlugRelatedField(
        slug_field="key",
        queryset=Inbox.objects.all(),
        allow_null=True,
        help_text="null: every inbox without a profile of its own. It does not change.",
    )
    schedule = serializers.SlugRelatedField(
        slug_field="uuid",
        queryset=apps.get_model("agents", "Schedule").objects.all(),
        required=False,
        allow_null=True,
    )
    languages = serializers.ListField(
        child=serializers.RegexField(r"^[a-z]{2,3}$"), max_length=LANGUAGES, required=False
    )
    never = Texts(required=False)
    replay = serializers.SerializerMethodField(
        help_text="The replay that a change of this bot waits for; null: none does."
    )
    guidelines = GuidelineShape(many=True, required=False)
    fixed_answers = FixedAnswerShape(many=True, required=False)
    keywords = KeywordShape(many=True, required=False)

    class Meta:
        model = BotProfile
        fields = [
            "id",
            "inbox",
            "when",
            "schedule",
            "languages",
            "mode",
            "never",
            "longest",
            "offers_calls",
            "caution",
            "answers_a_day",
            "answers_a_month",
            "tokens_a_day",
            "tokens_a_month",
            "beyond",
            "customer_answers_an_hour",
            "follow_up_minutes",
            "close_minutes",
            "in_doubt",
            "doubt_below",
            "keywords",
            "guidelines",
            "fixed_answers",
            "replay",
            "updated_at",
        ]
        read_only_fields = ["updated_at"]

    def get_replay(self, profile: BotProfile) -> UUID | None:
        if hasattr(profile, "waits"):  # asked for all of a list at once
            found: UUID | None = profile.waits
            return found
        waiting = waiting_for(profile)
        return waiting.uuid if waiting else None

    def validate_inbox(self, inbox: Inbox | None) -> Inbox | None:
        if self.instance is not None and self.instance.inbox != inbox:
            raise serializers.ValidationError("Another inbox has a profile of its own.")
        return inbox

    def validate_keywords(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _each_once(rows, "words")

    def validate_guidelines(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _each_once(rows, "name")

    def validate_fixed_answers(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _not_too_many(rows)

    def create(self, validated_data: dict[str, Any]) -> BotProfile:
        return self._keep(BotProfile(), validated_data)

    def update(self, instance: BotProfile, validated_data: dict[str, Any]) -> BotProfile:
        return self._keep(instance, validated_data)

    def _keep(self, profile: BotProfile, words: dict[str, Any]) -> BotProfile:
        """What belongs to it is replaced as a whole. Raises Taken when this inbox has a profile."""
        parts = {name: words.pop(name) for name in _PARTS if name in words}
        for name, value in words.items():
            setattr(profile, name, value)
        profile.clean()
        before = as_it_was(profile)
        try:
            with transaction.atomic():
                profile.save()
        except IntegrityError as error:
            raise Taken("This inbox has a profile already; change that one.") from error
        for name, rows in parts.items():
            model: Any = _PARTS[name]
            model.objects.filter(profile=profile).delete()
            model.objects.bulk_create(model(profile=profile, **one) for one in rows)
        self.replayed = settle(
            profile, before=before, by_id=self.context["request"].user.pk, at=timezone.now()
        )
        return BotProfile.objects.whole().get(pk=profile.pk)


_PARTS = {"keywords": BotKeyword, "guidelines": BotGuideline, "fixed_answers": BotFixedAnswer}


def _not_too_many(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(rows) > _MOST:
        raise serializers.ValidationError(f"At most {_MOST}.")
    return rows


def _each_once(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    said = [one[name].casefold() for one in _not_too_many(rows)]
    if len(said) != len(set(said)):
        raise serializers.ValidationError("Each of them once.")
    return rows


class BotProfileViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[BotProfile],
):
    """How the bot of each inbox behaves: when it answers, how it speaks, how much of it there is.

    A change holds from the next message on. One of what it says (`mode`, `caution`, `longest`, `never`,
    `languages`, `keywords`, `guidelines`, `fixed_answers`) is held against past questions first, by the
    rule of the house: 202 with `replay` while that runs, 409 `replay_gets_worse` when something gets
    worse. Then the bot is as it was, and `replays/<id>/override/` makes the change all the same.
    """

    serializer_class = ProfileShape
    permission_classes = (MayEditProfiles,)
    queryset = BotProfile.objects.all()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[BotProfile]:
        waiting = Replay.objects.filter(profile=OuterRef("pk"), goes_live=True)
        newest = waiting.exclude(state="passed").order_by("-pk").values("uuid")[:1]
        return BotProfile.objects.whole().annotate(waits=Subquery(newest))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        shape = self.get_serializer(data=request.data)
        return self._kept(shape, status=201)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        partial = kwargs.pop("partial", False)
        return self._kept(
            self.get_serializer(self.get_object(), data=request.data, partial=partial), status=200
        )

    def _kept(self, shape: Any, *, status: int) -> Response:
        """Saves it as a whole; then waits a little for the replay, if one is in the way."""
        with transaction.atomic():
            shape.is_valid(raise_exception=True)
            saved = shape.save()
        if shape.replayed is None or not shape.replayed.goes_live:
            return Response(shape.data, status=status)
        way = gate.check(gate.waited(shape.replayed, gate.PATIENCE))
        now = BotProfile.objects.whole().get(pk=saved.pk)
        return Response(self.get_serializer(now).data, status=status if way.is_live else 202)
