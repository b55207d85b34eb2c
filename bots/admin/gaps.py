"""Unanswered questions in the admin: what costs most first, why, and a draft at a click."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from bots.access import may_see_conversations
from bots.actions.gaps import AlreadyDrafted, draft_article, set_state
from bots.models import Article, Gap
from bots.reads.gaps import Week, effect_of, weeks_of
from conversations.models import Conversation

_STATES = {"open": "warning", "drafted": "primary", "solved": "success", "ignored": "info"}
_KINDS = {
    "missing": "danger",
    "contradictory": "warning",
    "not_retrieved": "primary",
    "": "info",
}
_QUESTIONS = 30


@admin.register(Gap)
class GapAdmin(ModelAdmin):
    list_display = (
        "title",
        "shown_kind",
        "weekly",
        "size",
        "searches",
        "picture",
        "shown_state",
        "last_at",
    )
    list_filter = ("state", "kind", "language")
    search_fields = ("title",)
    search_help_text = "Words of the question."
    list_per_page = 50
    show_full_result_count = False
    when_empty = (
        "Questions that the bot could not answer, and searches that found nothing, appear here by"
        " themselves, a minute after they were asked."
    )
    ordering = ("-weekly", "-size", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Gap | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/draft/",
                wrap(require_POST(self._posted(_draft))),
                name="bots_gap_draft",
            ),
            path(
                "<int:pk>/state/",
                wrap(require_POST(self._posted(_state))),
                name="bots_gap_state",
            ),
            *super().get_urls(),
        ]

    def _posted(
        self, do: Callable[[HttpRequest, Gap], HttpResponse]
    ) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            gap = self.get_object(request, str(pk))
            if gap is None:
                raise Http404
            if not self.has_change_permission(request, gap):
                raise PermissionDenied
            return do(request, gap)

        return view

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gap]:
        found: QuerySet[Gap] = super().get_queryset(request)
        return found.defer("centre", "evidence")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Open ones, unless somebody asks for others."""
        if request.method == "GET" and not request.GET:
            return redirect(f"{request.path}?state__exact=open")
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With the weeks of all its rows, which are counted together."""
        listed = super().get_changelist_instance(request)
        gaps = list(listed.result_list)
        counted = weeks_of(gaps, at=timezone.now())
        for gap in gaps:
            gap.listed_weeks = counted[gap.pk]
        listed.result_list = gaps
        return listed

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        gap = self.get_object(request, object_id)
        if gap is None:
            raise Http404
        if not self.has_view_permission(request, gap):
            raise PermissionDenied
        at = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": gap.title,
            "opts": self.opts,
            "original": gap,
            "gap": gap,
            "weeks": bars(weeks_of([gap], at=at)[gap.pk]),
            "effect": effect_of(gap, at=at),
            "near": _articles(gap),
            "replies": _replies(request, gap),
            "searches": gap.searched.order_by("-pk")[:_QUESTIONS],
            "questions": gap.questions.order_by("-asked_at", "-pk")[:_QUESTIONS],
            "may_change": self.has_change_permission(request, gap),
            "draft": reverse("admin:bots_gap_draft", args=[gap.pk]),
            "set_state": reverse("admin:bots_gap_state", args=[gap.pk]),
            "states": [one for one in Gap.State.choices if one[0] not in {gap.state, "drafted"}],
        }
        return render(request, "admin/bots/gap/page.html", context)

    @display(description="why", ordering="kind", label=_KINDS)
    def shown_kind(self, gap: Gap) -> tuple[str, str]:
        return gap.kind, gap.get_kind_display()

    @display(description="state", ordering="state", label=_STATES)
    def shown_state(self, gap: Gap) -> tuple[str, str]:
        return gap.state, gap.get_state_display()

    @display(description="12 weeks")
    def picture(self, gap: Gap) -> str:
        """A small picture; its words are for those who do not see it."""
        from django.template.loader import render_to_string

        weeks: list[Week] = gap.listed_weeks  # type: ignore[attr-defined]  # by get_changelist_instance
        return render_to_string("admin/bots/gap/_weeks.html", {"weeks": bars(weeks), "small": True})


def bars(weeks: list[Week]) -> list[dict[str, Any]]:
    """Each week with its share of the highest, for a picture 100 units high."""
    highest = max([week.questions for week in weeks] + [1])
    return [
        {
            "begins": week.begins,
            "questions": week.questions,
            "x": 10 * place + 1,
            "height": round(100 * week.questions / highest) or (1 if week.questions else 0),
            "y": 100 - (round(100 * week.questions / highest) or (1 if week.questions else 0)),
        }
        for place, week in enumerate(weeks)
    ]


def _articles(gap: Gap) -> list[dict[str, Any]]:
    named = gap.evidence.get("articles") or []
    known = {
        str(key): pk
        for key, pk in Article.objects.filter(uuid__in=[one["id"] for one in named]).values_list(
            "uuid", "pk"
        )
    }
    return [
        {**one, "address": reverse("admin:bots_article_change", args=[known[one["id"]]])}
        for one in named
        if one["id"] in known
    ]


def _replies(request: HttpRequest, gap: Gap) -> list[dict[str, Any]]:
    """With the way to the conversation, for those who may see it."""
    replies = gap.evidence.get("replies") or []
    if not may_see_conversations(request.user):
        return [{"text": one["text"]} for one in replies]
    keys = [one["conversation"] for one in replies]
    known = {
        str(key): pk
        for key, pk in Conversation.objects.filter(uuid__in=keys).values_list("uuid", "pk")
    }
    return [
        {
            "text": one["text"],
            "address": reverse(
                "admin:conversations_conversation_change", args=[known[one["conversation"]]]
            )
            if one["conversation"] in known
            else "",
        }
        for one in replies
    ]


def _draft(request: HttpRequest, gap: Gap) -> HttpResponse:
    if not request.user.has_perm("bots.add_article"):
        raise PermissionDenied
    try:
        article = draft_article(gap=gap.uuid, by_id=request.user.pk, at=timezone.now())
    except AlreadyDrafted:
        return redirect("admin:bots_article_change", gap.article_id)
    messages.success(
        request, "A draft from what people answered. Nobody reads it before you publish it."
    )
    return redirect("admin:bots_article_change", article.pk)


def _state(request: HttpRequest, gap: Gap) -> HttpResponse:
    wanted = request.POST.get("state", "")
    if wanted not in {"open", "solved", "ignored"}:
        raise Http404
    set_state(gap=gap.uuid, state=wanted, by_id=request.user.pk, at=timezone.now())
    messages.success(request, f"{Gap.State(wanted).label}: “{gap.title[:60]}”.")
    return redirect("admin:bots_gap_changelist")
