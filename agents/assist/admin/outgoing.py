"""What agents are not to send, and what was sent anyway, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from agents.assist.models import OutgoingRule, SentAnyway
from agents.assist.rules.outgoing import NAMES
from bots.admin.forms import OnePerLine

_SEE_ALL = "conversations.see_all_conversations"
_KINDS = [
    (str(kind), words[:1].upper() + words[1:])
    for kind, name in NAMES.items()
    for words in [name.split(" ", 1)[1]]
]


class OutgoingRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    words = OnePerLine(
        label="Words",
        required=False,
        help_text="Words or phrases, one a line, whatever their case.",
    )
    kinds = forms.MultipleChoiceField(
        label="Personal data",
        choices=_KINDS,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Found as for the language model: by check digits, forms and the words beside.",
    )

    def clean(self) -> dict[str, Any]:
        words: dict[str, Any] = super().clean() or self.cleaned_data
        if not words.get("words") and not words.get("kinds"):
            raise forms.ValidationError("Name at least one word, or one kind of personal data.")
        return words


@admin.register(OutgoingRule)
class OutgoingRuleAdmin(ModelAdmin):
    form = OutgoingRuleForm
    list_display = ("name", "where", "mode", "looks_for", "is_on")
    list_filter = ("mode", "is_on", "inbox")
    list_select_related = ("inbox",)
    fields = ("name", ("inbox", "mode"), "words", "kinds", "advice", "is_on")
    when_empty = "Nothing is held back. A rule names words, or kinds of personal data."

    @display(description="where")
    def where(self, rule: OutgoingRule) -> str:
        return str(rule.inbox) if rule.inbox else "everywhere"

    @display(description="looks for")
    def looks_for(self, rule: OutgoingRule) -> str:
        said = [*rule.words, *(NAMES.get(kind, kind) for kind in rule.kinds)]
        return ", ".join(said[:4]) + (f" and {len(said) - 4} more" if len(said) > 4 else "")


@admin.register(SentAnyway)
class SentAnywayAdmin(ModelAdmin):
    list_display = ("when", "agent", "found", "how", "reason", "conversation")
    list_filter = ("how",)
    list_select_related = ("agent", "conversation")
    show_full_result_count = False
    when_empty = "When somebody sends what a rule is about, it is noted here by itself."
    fields = ("conversation", "agent", "rules", "what", "how", "reason", "at")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description="when", ordering="at")
    def when(self, row: SentAnyway) -> str:
        return f"{row.at:%Y-%m-%d %H:%M}"

    @display(description="found")
    def found(self, row: SentAnyway) -> str:
        return ", ".join(row.what)
