"""How the bot of an inbox behaves, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display

from bots.actions.behaving import as_it_was, settle, waiting_for
from bots.admin import replays
from bots.admin.forms import OnePerLine
from bots.models import BotFixedAnswer, BotGuideline, BotKeyword, BotProfile
from bots.reads.replays import rule_of_the_house


class KeywordInline(TabularInline):
    model = BotKeyword
    extra = 0
    hide_title = True
    verbose_name_plural = "keywords that decide at once"


class GuidelineForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    excludes = OnePerLine(
        label="Leaves out", required=False, help_text="Names of weaker guidelines, one a line."
    )
    never = OnePerLine(
        label="Never says", required=False, help_text="Words or phrases, one a line."
    )


class GuidelineInline(StackedInline):
    model = BotGuideline
    form = GuidelineForm
    extra = 0
    fields = (("name", "priority"), ("when", "then"), ("excludes", "never"))
    verbose_name_plural = "guidelines for the model"


class FixedAnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    words = OnePerLine(
        label="When it holds", help_text="Words or phrases of a message, one a line."
    )


class FixedAnswerInline(StackedInline):
    model = BotFixedAnswer
    form = FixedAnswerForm
    extra = 0
    fields = (("words", "language"), "text")
    verbose_name_plural = "fixed answers"


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    never = OnePerLine(
        label="Never says",
        required=False,
        help_text="Words that no sentence of the model may hold, one a line.",
    )
    languages = OnePerLine(
        label="Languages",
        required=False,
        help_text="Which it answers in, one on each line: en, zh. Others go to a person. "
        "Empty: every language.",
    )


@admin.register(BotProfile)
class BotProfileAdmin(ModelAdmin):
    form = ProfileForm
    list_display = ("__str__", "when", "now", "mode", "beyond", "updated_at")
    list_filter = ("when", "mode")
    list_select_related = ("inbox", "schedule")
    change_form_outer_before_template = "admin/bots/botprofile/waiting.html"
    inlines = (KeywordInline, GuidelineInline, FixedAnswerInline)
    readonly_fields = ("uuid", "updated_at")
    fieldsets = (
        (None, {"fields": ("inbox",)}),
        ("When it answers", {
            "description": "An inbox whose bot is switched off has none, whatever stands here.",
            "fields": (("when", "schedule"), "languages"),
        }),
        ("How it speaks", {"fields": (("mode", "caution"), ("longest", "offers_calls"), "never")}),
        ("How much", {
            "description": "Empty: no limit.",
            "fields": (
                ("answers_a_day", "answers_a_month"),
                ("tokens_a_day", "tokens_a_month"),
                "beyond",
                "customer_answers_an_hour",
            ),
        }),
        ("When the customer falls silent", {
            "fields": (("follow_up_minutes", "close_minutes"), ("in_doubt", "doubt_below")),
        }),
        ("For programs", {"fields": (("uuid", "updated_at"),)}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[BotProfile]:
        rows: QuerySet[BotProfile] = super().get_queryset(request)
        return rows.prefetch_related("schedule__opening_hours", "schedule__holidays")

    def get_urls(self) -> list[URLPattern]:
        return [*replays.urls(self), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: BotProfile, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        request.behaved = as_it_was(obj)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """What it says is saved whole by now: it holds, or it is put back and waits for its replay."""
        super().save_related(request, form, formsets, change)
        replay = settle(
            form.instance,
            before=request.behaved,  # type: ignore[attr-defined]
            by_id=request.user.pk,
            at=timezone.now(),
        )
        if replay is not None and replay.goes_live:
            request.waits_for = replay  # type: ignore[attr-defined]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra: dict[str, Any] = {}
        profile = self.get_object(request, object_id) if object_id else None
        if profile is not None and self.has_view_permission(request, profile):
            waiting = waiting_for(profile)
            extra = {
                "waiting": waiting,
                "last": waiting or profile.replays.first(),
                "rule": rule_of_the_house(),
            }
            if extra["last"]:
                extra["replay_address"] = replays.address(extra["last"])
            if waiting:
                extra["changes"] = replays.behaviour_changes(waiting)
        answer = super().changeform_view(
            request, object_id, form_url, {**extra, **(extra_context or {})}
        )
        return replays.after_waiting(request, answer)

    def get_readonly_fields(self, request: HttpRequest, obj: BotProfile | None = None) -> Any:
        """Whose profile it is does not change; another inbox has its own."""
        return (*self.readonly_fields, "inbox") if obj else self.readonly_fields

    @display(description="now", label={"Answers": "success", "Does not": "warning"})
    def now(self, profile: BotProfile) -> str:
        return "Answers" if profile.is_on(timezone.now()) else "Does not"
