"""An article as programs read and write it, and the way its new words go live."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bots import audiences
from bots.access import check_change, may_publish
from bots.actions import gate
from bots.actions.editing import (
    CannotLink,
    check_dates,
    link_translations,
    save_article,
    write_draft,
)
from bots.models import Article, Draft, Visibility, Words
from bots.models.article import BODY_LIMIT, QUESTION_LIMIT, QUESTIONS_LIMIT, TITLE_LIMIT
from bots.sources.rows import LANGUAGE
from inboxes.models import Inbox


class DraftOut(serializers.ModelSerializer[Draft]):
    """New words for an article that is live; nobody reads them yet."""

    class Meta:
        model = Draft
        fields = ["title", "body", "questions", "reason", "base", "created_at", "updated_at"]
        read_only_fields = fields


def check_audience(values: dict[str, Any], was: Article | None) -> None:
    """Whoever opens an article to somebody else need not say that its audience goes."""
    if not values.keys() & {"visibility", "audience"}:
        return
    visibility = values.get("visibility", was.visibility if was else Visibility.PUBLIC)
    if visibility != Visibility.AUDIENCE and "audience" not in values:
        values["audience"] = ""
    audience = values.get("audience", was.audience if was else "")
    if problem := audiences.check(visibility, audience):
        raise serializers.ValidationError({"audience": [problem]})


class ArticleSerializer(serializers.ModelSerializer[Article]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    title = serializers.CharField(max_length=TITLE_LIMIT)
    body = serializers.CharField(max_length=BODY_LIMIT, allow_blank=True, required=False)
    questions = serializers.ListField(
        child=serializers.CharField(max_length=QUESTION_LIMIT),
        max_length=QUESTIONS_LIMIT,
        required=False,
    )
    language = serializers.RegexField(LANGUAGE, max_length=35, required=False)
    inboxes = serializers.SlugRelatedField(
        slug_field="key", many=True, required=False, queryset=Inbox.objects.all()
    )
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    draft = DraftOut(read_only=True, allow_null=True, default=None)
    translations = serializers.SerializerMethodField(help_text="The ids of all others by language.")
    translation_of = serializers.SlugRelatedField(
        slug_field="uuid",
        queryset=Article.objects.all(),
        required=False,
        write_only=True,
        allow_null=True,
        help_text="The id of this article in another language; null takes them apart.",
    )
    votes = serializers.IntegerField(
        read_only=True, default=0, help_text="Of readers, for the version that is live."
    )
    votes_for = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Article
        fields = [
            "id",
            "external_id",
            "title",
            "body",
            "questions",
            "language",
            "category",
            "is_fixed",
            "state",
            "visibility",
            "audience",
            "publish_at",
            "expires_at",
            "reason",
            "version",
            "draft",
            "translations",
            "translation_of",
            "inboxes",
            "url",
            "votes",
            "votes_for",
            "created_at",
            "updated_at",
            "indexed_at",
        ]
        read_only_fields = ["version", "created_at", "updated_at", "indexed_at"]

    @extend_schema_field(serializers.DictField(child=serializers.UUIDField()))
    def get_translations(self, article: Article) -> dict[str, str]:
        families: dict[UUID, dict[str, str]] = self.context.get("families", {})
        known = families.get(article.family)
        if known is None:
            known = families_of([article])[article.family]
        return {code: key for code, key in known.items() if key != str(article.uuid)}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_audience(attrs, self.instance)
        dates = {name: attrs.get(name) for name in ("publish_at", "expires_at")}
        check_dates(**dates, at=timezone.now())
        was = self.instance
        begin, end = (attrs.get(name, getattr(was, name, None)) for name in dates)
        if begin and end:
            check_dates(publish_at=None, expires_at=end, at=begin)
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Article:
        return self._save(Article(), validated_data)

    def update(self, instance: Article, validated_data: dict[str, Any]) -> Article:
        return self._save(instance, validated_data)

    def _save(self, article: Article, values: dict[str, Any]) -> Article:
        editor = self.context["request"].user
        check_change(editor, was=article.state, becomes=values.get("state", article.state))
        if values.get("publish_at"):
            check_change(editor, was=article.state, becomes=Article.State.PUBLISHED)
        inboxes = values.pop("inboxes", None)
        if "external_id" in values:  # no id is None: an empty one could be there only once
            values["external_id"] = values["external_id"] or None
        other = values.pop("translation_of", _UNSAID)
        if values.keys() & {"title", "body", "questions"}:
            values.setdefault("reason", "")  # what was said of an older change is not of this one
        held = _held_for_the_gate(article, values)
        for name, value in values.items():
            setattr(article, name, value)
        with transaction.atomic():
            _check_family(article, other)
            if other is not _UNSAID:
                article.family = uuid4()
            save_article(
                article, by_id=editor.pk, at=timezone.now(), may_publish=may_publish(editor)
            )
            if isinstance(other, Article):
                link_translations(article=article.uuid, other=other.uuid)
                article.refresh_from_db(fields=["family"])
        if inboxes is not None:
            article.inboxes.set(inboxes)
        if held is not None:
            self._publish(article, held, editor.pk)
        return article

    def _publish(self, article: Article, words: dict[str, Any], by_id: int) -> None:
        """By way of a replay, which a request waits for a little. Raises GetsWorse."""
        if words:
            known = {name: words.get(name, getattr(article, name)) for name in _WORDS}
            write_draft(
                article=article.uuid,
                words=Words(known["title"], known["body"], tuple(known["questions"])),
                reason=words.get("reason", ""),
                by_id=by_id,
                at=timezone.now(),
            )
        way = gate.publish(
            article=article.uuid, by_id=by_id, at=timezone.now(), patience=gate.PATIENCE
        )
        self.way = gate.check(way)
        article.refresh_from_db()


_UNSAID = object()
_WORDS = ("title", "body", "questions")


def _held_for_the_gate(article: Article, values: dict[str, Any]) -> dict[str, Any] | None:
    """Takes out of `values` what is not live before a replay has passed; None: nothing has to wait."""
    is_live = article.state == Article.State.PUBLISHED
    becomes = values.get("state", article.state)
    changes = [
        name
        for name in _WORDS
        if values.get(name, getattr(article, name, None)) != getattr(article, name)
    ]
    if (
        becomes != Article.State.PUBLISHED
        or (is_live and not changes)
        or not gate.looks(at=timezone.now())
    ):
        return None
    if not is_live:
        values.pop("state")
        return {}
    return {name: values.pop(name) for name in (*_WORDS, "reason") if name in values}


def _check_family(article: Article, other: object) -> None:
    """Raises CannotLink before the database has to."""
    if other is _UNSAID:
        others = Article.objects.filter(family=article.family).exclude(pk=article.pk)
    elif isinstance(other, Article):
        others = Article.objects.filter(family=other.family).exclude(pk=article.pk)
    else:
        return
    if others.filter(language=article.language).exists():
        raise CannotLink("There is an article in this language among them already.")


def families_of(articles: Sequence[Article]) -> dict[UUID, dict[str, str]]:
    """Of each family the ids by language, with one question to the database."""
    found: dict[UUID, dict[str, str]] = {article.family: {} for article in articles}
    known = Article.objects.filter(family__in=found).values_list("family", "language", "uuid")
    for family, language, key in known:
        found[family][language] = str(key)
    return found
