"""What was learnt, in the admin: answers that wait for approval, and pairs of articles side by side."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from bots.access import may_publish, may_see_conversations
from bots.actions.neighbours import decide, merge
from bots.actions.pairs import approve, reject
from bots.models import Article, ArticlePair, LearnedPair
from conversations.errors import Refused


class Decided(ModelAdmin):
    """Rows that people decide on, on a page of their own; `first` is what the list begins with."""

    first = ""
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What waits, unless somebody asks for others."""
        if request.method == "GET" and not request.GET:
            return redirect(f"{request.path}?state__exact={self.first}")
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_decide"
        view = self.admin_site.admin_view(require_POST(self._posted(self.decided)))
        return [path("<int:pk>/decide/", view, name=name), *super().get_urls()]

    def decided(self, request: HttpRequest, row: Any) -> HttpResponse:
        raise NotImplementedError

    def _posted(
        self, do: Callable[[HttpRequest, Any], HttpResponse]
    ) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            row = self.get_object(request, str(pk))
            if row is None:
                raise Http404
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            try:
                return do(request, row)
            except Refused as refused:
                messages.warning(request, refused.detail)
                return self.to_list()

        return view

    def to_list(self) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def page(self, request: HttpRequest, object_id: str) -> tuple[Any, dict[str, Any]]:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_decide"
        return row, {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "row": row,
            "may_change": self.has_change_permission(request, row),
            "decide": reverse(name, args=[row.pk]),
            "waits": row.state == self.first,
        }


@admin.register(LearnedPair)
class LearnedPairAdmin(Decided):
    when_empty = "What people answered in conversations that they resolved appears here a day later, to be approved."
    first = "waiting"
    list_display = ("question", "becomes", "article", "seen", "shown_state", "found_at")
    list_filter = ("state", "becomes", "language")
    list_select_related = ("article",)
    search_fields = ("question", "answer")
    search_help_text = "Words of the question or the answer."
    actions = ("approve_all", "reject_all")

    @display(description="state", label={"waiting": "warning", "approved": "success", "rejected": "info"})  # fmt: skip
    def shown_state(self, pair: LearnedPair) -> tuple[str, str]:
        return pair.state, pair.get_state_display()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        pair, context = self.page(request, object_id)
        if may_see_conversations(request.user) and pair.asked is not None:
            context["source"] = reverse(
                "admin:conversations_conversation_change", args=[pair.asked.conversation_id]
            )
        context["title"] = pair.question
        return render(request, "admin/bots/learned/pair.html", context)

    def decided(self, request: HttpRequest, row: LearnedPair) -> HttpResponse:
        at = timezone.now()
        if request.POST.get("do") == "reject":
            reject(pair=row.uuid, by_id=request.user.pk, at=at)
            messages.success(request, "Rejected. Its like does not come again.")
            return self.to_list()
        if not request.user.has_perm("bots.add_article"):
            raise PermissionDenied
        pair, article = approve(
            pair=row.uuid, may_publish=may_publish(request.user), by_id=request.user.pk, at=at
        )
        is_example = pair.becomes == "example"
        messages.success(request, "It is an example question now." if is_example else _DRAFTED)
        if is_example:
            return self.to_list()
        return redirect("admin:bots_article_change", article.pk)

    @action(description="Approve", permissions=["change"])
    def approve_all(self, request: HttpRequest, chosen: QuerySet[LearnedPair]) -> None:
        if not request.user.has_perm("bots.add_article"):
            raise PermissionDenied
        keys = list(chosen.filter(state="waiting").values_list("uuid", flat=True))
        for key in keys:
            approve(
                pair=key,
                may_publish=may_publish(request.user),
                by_id=request.user.pk,
                at=timezone.now(),
            )
        messages.success(request, f"Approved: {len(keys)}.")

    @action(description="Reject", permissions=["change"])
    def reject_all(self, request: HttpRequest, chosen: QuerySet[LearnedPair]) -> None:
        keys = list(chosen.filter(state="waiting").values_list("uuid", flat=True))
        for key in keys:
            reject(pair=key, by_id=request.user.pk, at=timezone.now())
        messages.success(request, f"Rejected: {len(keys)}. Their like does not come again.")


_DRAFTED = "A draft with this answer. Nobody reads it before you publish it."


@admin.register(ArticlePair)
class ArticlePairAdmin(Decided):
    when_empty = (
        "Published articles that say the same, or contradict each other, appear here by themselves."
    )
    first = "open"
    list_display = ("both", "shown_kind", "likeness", "shown_state", "found_at")
    list_filter = ("state", "kind")
    list_select_related = ("first", "second")
    search_fields = ("first__title", "second__title")
    search_help_text = "Words of a title."

    @display(description="articles")
    def both(self, pair: ArticlePair) -> str:
        return f"{pair.first.title} · {pair.second.title}"

    @display(description="why", ordering="kind", label={"contradiction": "danger", "duplicate": "warning"})  # fmt: skip
    def shown_kind(self, pair: ArticlePair) -> tuple[str, str]:
        return pair.kind, pair.get_kind_display()

    @display(description="likeness", ordering="score")
    def likeness(self, pair: ArticlePair) -> str:
        return f"{pair.score:.2f}"

    @display(description="state", ordering="state")
    def shown_state(self, pair: ArticlePair) -> str:
        return pair.get_state_display()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        pair, context = self.page(request, object_id)
        context |= {
            "title": pair.get_kind_display(),
            "sides": [
                (article, marked(article.body, [one[f"{name}_at"] for one in pair.sentences]))
                for name, article in (("first", pair.first), ("second", pair.second))
            ],
        }
        return render(request, "admin/bots/learned/articles.html", context)

    def decided(self, request: HttpRequest, row: ArticlePair) -> HttpResponse:
        wanted, at, who = request.POST.get("do", ""), timezone.now(), request.user.pk
        if wanted in {"dismissed", "linked", "open"}:
            decide(pair=row.uuid, state=wanted, by_id=who, at=at)
            messages.success(request, f"{ArticlePair.State(wanted).label}.")
            return self.to_list()
        kept = {"keep_first": row.first, "keep_second": row.second}.get(wanted)
        if kept is None:
            raise Http404
        if not may_publish(request.user):
            raise PermissionDenied
        merge(pair=row.uuid, keep=kept.uuid, by_id=who, at=at)
        messages.success(
            request, "Merged into a draft; the other one is archived. Look at it and publish it."
        )
        return redirect("admin:bots_article_change", kept.pk)


def marked(body: str, places: list[list[int]]) -> list[tuple[bool, str]]:
    """The body in pieces, those that do not agree marked."""
    found: list[tuple[bool, str]] = []
    at = 0
    for start, end in sorted(places):
        if start >= at and end <= len(body):
            found += [(False, body[at:start]), (True, body[start:end])]
            at = end
    return [*found, (False, body[at:])]


def pairs_of(article: Article) -> list[dict[str, Any]]:
    """For the article's own page: open ones."""
    known = ArticlePair.objects.filter(Q(first=article) | Q(second=article), state="open")
    return [
        {
            "kind": pair.get_kind_display(),
            "other": pair.second if pair.first_id == article.pk else pair.first,
            "address": reverse("admin:bots_articlepair_change", args=[pair.pk]),
            "sentences": pair.sentences[:2],
        }
        for pair in known.select_related("first", "second")[:5]
    ]
