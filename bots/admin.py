"""The knowledge base in the admin: what the company stands by, and how the bot would quote it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from bots.access import may_change, may_publish
from bots.actions.editing import archive_article, publish_article, save_article
from bots.imports import LANGUAGE
from bots.knowledge.corpus import corpus
from bots.knowledge.quote import quote
from bots.knowledge.reading import html_of
from bots.models import Article

_QUOTED = 3  # example questions in the preview
_STATE_COLOURS = {
    Article.State.DRAFT: "warning",
    Article.State.PUBLISHED: "success",
    Article.State.ARCHIVED: "info",
}


class OnePerLine(forms.CharField):
    """A list of texts, written as lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (" ".join(line.split()) for line in (super().to_python(value) or "").splitlines())
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes none
    questions = OnePerLine(
        label="Example questions",
        required=False,
        help_text="One on each line, as customers ask. Each one helps the bot to find the article.",
    )

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if not LANGUAGE.match(language):
            raise ValidationError("Write a language such as en, zh or pt-BR.")
        return language


@admin.register(Article)
class ArticleAdmin(ModelAdmin):
    form = ArticleForm
    list_display = (
        "title", "category", "language", "shown_state", "found", "updated_at", "updated_by",
    )  # fmt: skip
    list_filter = ("state", "language", "category", "inboxes")
    list_select_related = ("updated_by",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "body", "questions", "external_id")
    search_help_text = "Words of the title, the text or the example questions."
    formfield_overrides = {ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget}}
    readonly_fields = ("found", "updated_at", "updated_by", "uuid", "external_id")
    actions = ("publish", "archive")
    change_form_outer_after_template = "admin/bots/article/preview.html"
    fieldsets = (
        (None, {"fields": ("title", "body", "questions", ("state", "found"))}),
        ("Where it belongs", {"fields": (("category", "language"), "inboxes")}),
        ("History", {"fields": (("updated_at", "updated_by"), ("uuid", "external_id"))}),
    )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What readers see is changed only by who may publish."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_change(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_change(request.user, obj))

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Who may not publish is not offered it, and a form that says so all the same is refused."""
        if db_field.name == "state" and not may_publish(request.user):
            kwargs["choices"] = [
                (value, label)
                for value, label in Article.State.choices
                if value != Article.State.PUBLISHED
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Asked by the actions of the list."""
        return may_publish(request.user)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        save_article(obj, by_id=request.user.pk, at=timezone.now())

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        extra = {"preview": _preview(article)} if article else {}
        if (
            article
            and super().has_change_permission(request)
            and not may_change(request.user, article)
        ):
            messages.info(
                request, "This article is published. Changing it takes the right to publish."
            )
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**extra, **(extra_context or {})}
        )
        return answer

    @display(description="state", ordering="state", label=_STATE_COLOURS)
    def shown_state(self, article: Article) -> tuple[str, str]:
        return article.state, article.get_state_display()

    @display(description="found by the bot", boolean=True)
    def found(self, article: Article) -> bool:
        """A changed text takes a moment until it is found; the old one is not found any more."""
        return article.is_findable

    @action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Article]) -> None:
        for key in _keys(chosen):
            publish_article(article=key, by_id=request.user.pk, at=timezone.now())
        messages.success(request, "Published. The bot finds them in a moment.")

    @action(description="Archive", permissions=["change"])
    def archive(self, request: HttpRequest, chosen: QuerySet[Article]) -> None:
        if not may_publish(request.user):
            chosen = chosen.exclude(state=Article.State.PUBLISHED)
        for key in _keys(chosen):
            archive_article(article=key, by_id=request.user.pk, at=timezone.now())
        messages.success(request, "Archived. The bot does not quote them any more.")


def _keys(chosen: QuerySet[Article]) -> list[UUID]:
    return list(chosen.values_list("uuid", flat=True))


def _preview(article: Article) -> dict[str, Any]:
    """As readers see it, and the sentences that answer its first example questions."""
    quotes = [
        (question, found.text)
        for question in article.questions[:_QUOTED]
        if (found := _quoted(article, question))
    ]
    return {"html": html_of(article.body), "language": article.language, "quotes": quotes}


def _quoted(article: Article, question: str) -> Any:
    return quote(article.body, question, title=article.title, place=None, weight=corpus().weight)
