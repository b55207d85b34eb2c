"""Canned replies and macros in the admin: written with care, checked like at the API's doors."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework import serializers
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents import verbs
from agents.admin import drawn
from agents.admin.steps import form_of_steps
from agents.models import CannedReply, Macro
from agents.rules.placeholders import NAMES, unknown_in
from conversations.words import TEXT_LIMIT, clean_text

_NAMES = ", ".join(f"{{{{{name}}}}}" for name in NAMES)


class ReplyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CannedReply
        fields = (
            "shortcut", "title", "texts", "scope", "owner", "team", "inbox", "tags", "active_from",
            "active_until",
        )  # fmt: skip
        help_texts = {
            "texts": f"One a language, such as en. Filled in: {_NAMES}.",
            "tags": "With commas between them: returns, shipping.",
        }
        widgets = {"texts": drawn.texts(most=TEXT_LIMIT), "tags": drawn.words()}

    def clean_texts(self) -> dict[str, str]:
        texts = self.cleaned_data["texts"]
        if not isinstance(texts, dict) or not texts:
            raise ValidationError("Say at least one language and its text.")
        for language, text in texts.items():
            if not isinstance(text, str) or not 1 <= len(text) <= TEXT_LIMIT:
                raise ValidationError(f"{language}: a text of 1 to {TEXT_LIMIT} characters.")
            if unknown := unknown_in(text):
                raise ValidationError(f"{language}: nothing is called {', '.join(unknown)}.")
        return {language: clean_text(text) for language, text in texts.items()}

    def clean_tags(self) -> list[str]:
        tags = self.cleaned_data["tags"] or []
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise ValidationError('A list such as ["returns"].')
        return tags


@admin.register(CannedReply)
class CannedReplyAdmin(ModelAdmin):
    form = ReplyForm
    list_display = ("shortcut", "title", "languages", "scope", "belongs", "uses", "active_until")
    list_filter = ("scope", "team", "inbox")
    list_select_related = ("owner", "team", "inbox")
    search_fields = ("shortcut", "title", "texts")
    readonly_fields = ("uses", "created_at", "updated_at")
    autocomplete_fields = ("owner",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CannedReply]:
        """Personal ones are their owners' business."""
        replies: QuerySet[CannedReply] = super().get_queryset(request)
        return replies.exclude(scope=CannedReply.Scope.PERSONAL)

    @display(description="languages")
    def languages(self, reply: CannedReply) -> str:
        return ", ".join(sorted(reply.texts))

    @display(description="of")
    def belongs(self, reply: CannedReply) -> str:
        return str(reply.team or reply.inbox or "")


class MacroForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Macro
        fields = ("name", "actions", "position")
        help_texts = {
            "actions": "In this order, all or nothing. In the console: Ctrl K, “Write and change macros”."
        }
        widgets = {"actions": drawn.steps()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actions"].widget.draws(form_of_steps())

    def clean_actions(self) -> list[dict[str, Any]]:
        try:
            return verbs.actions(self.cleaned_data["actions"])
        except serializers.ValidationError as problem:
            raise ValidationError(_sentences(problem.detail)) from problem


def _sentences(detail: Any, where: str = "") -> list[str]:
    if isinstance(detail, dict):
        return [line for key, one in detail.items() for line in _sentences(one, f"{where}{key}: ")]
    if isinstance(detail, list):
        return [line for one in detail for line in _sentences(one, where)]
    return [f"{where}{detail}"]


@admin.register(Macro)
class MacroAdmin(ModelAdmin):
    """Everybody's macros."""

    form = MacroForm
    list_display = ("name", "does", "uses", "position")
    search_fields = ("name",)
    readonly_fields = ("uses", "created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Macro]:
        macros: QuerySet[Macro] = super().get_queryset(request)
        return macros.filter(owner=None)

    @display(description="does")
    def does(self, macro: Macro) -> str:
        return "; ".join(verbs.says(action) for action in macro.actions)
