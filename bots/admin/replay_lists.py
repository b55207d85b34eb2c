"""All replays in one list, and the rule of the house."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from bots.admin.replays import address
from bots.models import Replay, ReplayRule

_STATES = {
    "queued": "info",
    "running": "primary",
    "passed": "success",
    "worse": "danger",
    "failed": "warning",
    "overridden": "warning",
}


@admin.register(Replay)
class ReplayAdmin(ModelAdmin):
    """To be read: replays are begun where something is changed."""

    list_display = (
        "subject",
        "shown_state",
        "replayed",
        "worse",
        "weekly",
        "asked_by",
        "created_at",
    )
    list_filter = ("state", "what")
    list_select_related = ("article", "profile__inbox", "asked_by")
    list_per_page = 50
    show_full_result_count = False
    when_empty = (
        "When somebody publishes new words of an article, or changes what a bot says, past questions are"
        " asked again, and what that found stands here."
    )
    search_fields = ("article__title",)
    search_help_text = "Words of the article's title."
    actions_list = ("rule",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Replay | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Replay | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Replay | None = None) -> bool:
        """Whoever edits what is replayed."""
        return request.user.has_perm("bots.change_article")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Replay]:
        found: QuerySet[Replay] = super().get_queryset(request)
        found = found.defer("words", "contradictions")
        if not request.user.has_perm("bots.view_botprofile"):
            found = found.filter(profile=None)
        return found

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A replay is shown below what it is of."""
        replay = self.get_object(request, object_id)
        if replay is None:
            raise Http404
        return redirect(address(replay))

    @action(description="Rule of the house", url_path="rule", icon="gavel")
    def rule(self, request: HttpRequest) -> HttpResponse:
        return redirect(reverse("admin:bots_replayrule_changelist"))

    @display(description="of", header=True)
    def subject(self, replay: Replay) -> tuple[str, str]:
        if replay.article is not None:
            return replay.article.title, "if it were archived" if replay.what == "archive" else ""
        return str(replay.profile), "what it says"

    @display(description="result", ordering="state", label=_STATES)
    def shown_state(self, replay: Replay) -> tuple[str, str]:
        return replay.state, replay.get_state_display()

    @display(description="questions", ordering="questions")
    def replayed(self, replay: Replay) -> str:
        return f"{replay.questions}" if replay.is_over else f"{replay.done} of {replay.total}"

    @display(description="worse", ordering="regressions")
    def worse(self, replay: Replay) -> str:
        return str(replay.regressions) if replay.is_over else ""

    @display(description="change a week", ordering="estimate")
    def weekly(self, replay: Replay) -> str:
        if replay.estimate is None or replay.low is None or replay.high is None:
            return ""
        return f"{replay.estimate:.1f} ({replay.low:.1f}–{replay.high:.1f})"


@admin.register(ReplayRule)
class ReplayRuleAdmin(ModelAdmin):
    """One row: there is nothing to add or delete."""

    fieldsets = (
        (None, {"fields": ("mode",)}),
        ("Which questions are replayed", {"fields": ("weeks", "near_most", "rest_most")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ReplayRule | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Straight to the one row, which is made when somebody looks for the first time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule, _ = ReplayRule.objects.get_or_create(pk=1)
        return redirect("admin:bots_replayrule_change", rule.pk)
