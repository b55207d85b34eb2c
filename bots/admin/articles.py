"""The knowledge base in the admin: what the company stands by, and how the bot would quote it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from bots.access import may_change, may_publish
from bots.actions import gate
from bots.actions.editing import (
    archive_article,
    save_article,
    write_draft,
)
from bots.admin import pages, replays
from bots.admin.filters import HelpfulFilter, StandingFilter
from bots.admin.forms import ATTACHED, WORDS, ArticleForm, WordsForm, first_of
from bots.admin.learned import pairs_of
from bots.admin.preview import preview_of
from bots.help_centre.helpfulness import share_helpful, with_votes
from bots.models import Article, Draft, Words
from bots.standing import Standing, standing

_COLOURS = {
    "draft": "warning",
    "scheduled": "warning",
    "live": "success",
    "changed": "primary",
    "archived": "info",
}


@admin.register(Article)
class ArticleAdmin(ModelAdmin):
    form = ArticleForm
    list_display = ("named", "shown_state", "readers", "found", "helpful", "changed")
    list_display_links = ("named",)
    list_filter = (StandingFilter, "visibility", HelpfulFilter, "language", "category", "inboxes")
    list_select_related = ("updated_by", "draft")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "body", "questions", "external_id")
    search_help_text = "Words of the title, the text or the example questions."
    formfield_overrides = {ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget}}
    readonly_fields = ("found", "updated_at", "updated_by", "uuid", "external_id")
    actions = ("publish", "archive")
    actions_submit_line = ("save_and_publish", "save_as_draft")
    actions_detail = ("versions",)
    change_form_outer_before_template = "admin/bots/article/standing.html"
    change_form_outer_after_template = "admin/bots/article/after.html"
    fieldsets = (
        (None, {"fields": ("title", "body", "questions", "is_fixed", "reason")}),
        ("Who reads it, and when", {"fields": (("visibility", "audience"), "publish_at", "expires_at")}),
        ("Where it belongs", {"fields": (("category", "language"), "translation_of", "inboxes")}),
        ("History", {"fields": ("found", ("updated_at", "updated_by"), ("uuid", "external_id"))}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return with_votes(super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Of a live article everybody drafts new words; where it belongs holds at once."""
        if may_publish(request.user):
            return self.readonly_fields
        if obj is not None and obj.state == Article.State.PUBLISHED:
            return (*self.readonly_fields, *ATTACHED)
        return (*self.readonly_fields, "publish_at")

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        if "translation_of" in self.get_readonly_fields(request, obj):
            kwargs["form"] = WordsForm
        return super().get_form(request, obj, *args, **kwargs)

    @display(description="translation of")
    def translation_of(self, article: Article) -> str:
        return first_of(article) or "–"

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_change(request.user, obj))

    def has_publish_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Asked by the actions of the list, and by the button beside “Save”."""
        return may_publish(request.user)

    def get_actions_submit_line(self, request: HttpRequest, object_id: int) -> list[Any]:
        """One button beside “Save”: what that does not do anyway."""
        article = self.get_object(request, str(object_id)) if object_id else None
        other = "save_as_draft" if _is_plainly_live(article) else "save_and_publish"
        found = super().get_actions_submit_line(request, object_id)
        return [one for one in found if one.method.__name__ == other]

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        by_id, at, trusted = request.user.pk, timezone.now(), may_publish(request.user)
        if "translation_of" in form.changed_data:
            obj.family = uuid4()
        live = Article.objects.filter(pk=obj.pk, state=Article.State.PUBLISHED).first()
        draft: Draft | None = None
        goes_live = trusted and _goes_live(request, live, planned=obj.publish_at is not None)
        words, reason = Words.of(obj), obj.reason
        if live is not None:
            Words.of(live).put_into(obj)
            obj.reason = live.reason
        if live is None or set(form.changed_data) - set(WORDS):
            save_article(obj, by_id=by_id, at=at, may_publish=trusted or live is not None)
        if live is not None:
            draft = write_draft(
                article=obj.uuid, words=words, reason=reason, by_id=by_id, at=at, may_publish=trusted
            )  # fmt: skip
            if draft is not None and not goes_live:
                messages.info(request, _NOT_YET.format(obj.version))
        form.link_translation(obj)
        if goes_live and (live is None or draft is not None):
            self.save_and_publish(request, obj)

    @action(description="Save and publish", permissions=["publish"], attrs={"name": "_publish"})
    def save_and_publish(self, request: HttpRequest, obj: Article) -> None:
        """At once, or by way of a replay; that cannot begin before this request's transaction ends."""
        way = gate.publish(article=obj.uuid, by_id=request.user.pk, at=timezone.now())
        obj.refresh_from_db()
        if way.is_live:
            replays.say(request, way, f"{replays.now_live(obj)} {replays.FOUND_SOON}")
        else:
            request.waits_for = way.replay  # type: ignore[attr-defined]

    @action(description="Save as a draft", permissions=["publish"], attrs={"name": "_draft"})
    def save_as_draft(self, request: HttpRequest, obj: Article) -> None:
        """Saving has drafted it already."""

    @action(description="Versions", url_path="versions")
    def versions(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Every text that was published, and what changed between any two."""
        return pages.versions(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        return [*pages.urls(self), *replays.urls(self), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """To the replay, if that is what publishing waits for."""
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        return replays.after_waiting(request, answer)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if article is not None and self.has_view_permission(request, article):
            may = {"may_publish": may_publish(request.user)}
            extra = {
                "about": pages.about(article),
                "preview": preview_of(article),
                "replays": replays.about(article),
                "pairs": pairs_of(article),
                **may,
            }
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**extra, **(extra_context or {})}
        )
        return answer

    @display(description="article", ordering="title", header=True)
    def named(self, article: Article) -> tuple[str, str]:
        return article.title, " · ".join(filter(None, (article.category, article.language)))

    @display(description="who may read it", ordering="visibility")
    def readers(self, article: Article) -> str:
        return article.get_visibility_display()

    @display(description="changed", ordering="updated_at", header=True)
    def changed(self, article: Article) -> tuple[str, str]:
        by = str(article.updated_by) if article.updated_by else ""
        return f"{article.updated_at:%Y-%m-%d %H:%M}", by

    @display(description="state", ordering="state", label=_COLOURS)
    def shown_state(self, article: Article) -> tuple[str, str]:
        found = standing_of(article)
        return found.kind, found.word

    @display(description="found by the bot", boolean=True)
    def found(self, article: Article) -> bool:
        """A changed text takes a moment until it is found; the old one is not found any more."""
        return article.is_findable

    @display(description="helped", ordering="share_helpful")
    def helpful(self, article: Any) -> str:
        """Of the version that is live."""
        return share_helpful(article.votes_for, article.votes)

    @action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Article]) -> None:
        ways = [
            gate.publish(article=key, by_id=request.user.pk, at=timezone.now())
            for key in _keys(chosen)
        ]
        live = sum(way.is_live for way in ways)
        if live:
            messages.success(request, f"Published: {live}. The bot finds them in a moment.")
        if live < len(ways):
            messages.info(request, f"Past questions are being replayed for {len(ways) - live}.")

    @action(description="Archive", permissions=["change"])
    def archive(self, request: HttpRequest, chosen: QuerySet[Article]) -> None:
        if not may_publish(request.user):
            chosen = chosen.exclude(state=Article.State.PUBLISHED)
        for key in _keys(chosen):
            archive_article(article=key, by_id=request.user.pk, at=timezone.now())
        messages.success(request, "Archived. The bot does not quote them any more.")


_NOT_YET = "Kept as a draft. Readers and the bot have version {} until you publish it."


def _is_plainly_live(article: Article | None) -> bool:
    """Live, and nobody has begun to change it."""
    if article is None or article.state != Article.State.PUBLISHED:
        return False
    return not hasattr(article, "draft")


def _goes_live(request: HttpRequest, live: Article | None, *, planned: bool) -> bool:
    """“Save” corrects what is live; a draft that somebody began, and one with a date, waits."""
    if "_publish" in request.POST:
        return True
    return _is_plainly_live(live) and not planned and "_draft" not in request.POST


def standing_of(article: Article) -> Standing:
    return standing(
        state=article.state,
        version=article.version,
        has_draft=hasattr(article, "draft"),
        publish_at=article.publish_at,
        expires_at=article.expires_at,
    )


def _keys(chosen: QuerySet[Article]) -> list[UUID]:
    return list(chosen.order_by("pk").values_list("uuid", flat=True))
