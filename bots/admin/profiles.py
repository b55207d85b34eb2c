"""How the bot of an inbox behaves, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display

from bots.admin.forms import OnePerLine
from bots.models import BotFixedAnswer, BotGuideline, BotKeyword, BotProfile


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

    def get_readonly_fields(self, request: HttpRequest, obj: BotProfile | None = None) -> Any:
        """Whose profile it is does not change; another inbox has its own."""
        return (*self.readonly_fields, "inbox") if obj else self.readonly_fields

    @display(description="now", label={"Answers": "success", "Does not": "warning"})
    def now(self, profile: BotProfile) -> str:
        return "Answers" if profile.is_on(timezone.now()) else "Does not"
