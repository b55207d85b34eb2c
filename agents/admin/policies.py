"""Routing rules in the admin: a rule, a place, and a value in a form that fits the rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, Script
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse_lazy
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from agents.actions.setup import check_policy, store, twin_of
from agents.models import Policy, Queue, Schedule, Skill
from agents.reads.policy_values import names_of_places, says, shown, understood
from agents.reads.setup import described_rules
from agents.rules.forms import FACES, GROUPS
from agents.rules.registry import RULES, SCOPES
from agents.rules.values import BadRule
from agents.rules.words import in_words
from conversations.errors import WrongFields
from inboxes.models import Inbox

PLACES = {
    "everything": "Everywhere",
    "channel": "One channel",
    "inbox": "One inbox",
    "team": "One team",
    "queue": "One queue",
    "agent": "One agent",
}
_LONGEST = 20_000


def rule_choices(scope: str = "") -> list[Any]:
    """The rules by group; with a scope only those that may be set there."""
    names = [name for name, rule in RULES.items() if not scope or scope in rule.scopes]
    groups = [
        (group, [(n, FACES[n].title) for n in names if FACES[n].group == group]) for group in GROUPS
    ]
    return [("", "Choose a rule"), *((group, rules) for group, rules in groups if rules)]


class ValueField(forms.CharField):
    """JSON as text; the page draws a form over it, and without scripts it is the form."""

    def __init__(self) -> None:
        widget = UnfoldAdminTextareaWidget(
            attrs={
                "rows": 4,
                "class": "rule-value",
                "spellcheck": "false",
                "data-rules": reverse_lazy("admin:agents_policy_rules"),
                "data-check": reverse_lazy("admin:agents_policy_check"),
            }
        )
        super().__init__(widget=widget, max_length=_LONGEST)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return json.loads(text) if text else None
        except (ValueError, RecursionError) as error:
            raise ValidationError("This is not JSON; look at the example.") from error

    def validate(self, value: Any) -> None:
        """`null` is a value, too: off. Nothing at all was refused as text."""

    def run_validators(self, value: Any) -> None:
        pass

    def clean(self, value: Any) -> Any:
        if not str(value or "").strip():
            raise ValidationError(self.error_messages["required"], code="required")
        if len(str(value)) > _LONGEST:
            raise ValidationError("This is too long.")
        return super().clean(value)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(json.loads(data or "null") != initial)
        except (ValueError, RecursionError):
            return True


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """A row where its place is given, as below a queue."""

    scope: ClassVar[str] = ""
    rule = forms.ChoiceField(widget=UnfoldAdminSelectWidget)
    value = ValueField()  # type: ignore[assignment]  # its own way to read JSON

    class Meta:
        model = Policy
        fields: Sequence[str] = ("rule", "value")

    class Media:
        js = (Script("js/admin/rules.js", type="module"),)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rule"].choices = rule_choices(self.scope)  # type: ignore[attr-defined]
        if self.instance.pk is not None:
            self.fields["rule"].disabled = True
            before = self.instance.value
            self.initial["value"] = shown(self.instance.rule, before, names_of_places())
            self._before = before
        else:
            self._before = None
            self.initial.pop("value", None)
            self.fields["value"].initial = ""

    def clean_value(self) -> Any:
        rule, said = self.cleaned_data.get("rule"), self.cleaned_data["value"]
        try:
            return understood(rule, said, before=self._before) if rule else said
        except BadRule as problem:
            raise ValidationError(str(problem)) from problem

    def _get_validation_exclusions(self) -> set[str]:
        """The value is checked by its rule, which knows more than the column does."""
        return {*super()._get_validation_exclusions(), "value"}  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            check_policy(self.instance, self.instance.value)
        except WrongFields as problem:
            self.add_error("value" if "value" in problem.fields else None, problem.detail)
        if self.instance.pk is None and twin_of(self.instance):
            self.add_error("rule", "This rule is set there already; change that one.")

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 -- Django's signature
        if commit:
            store(self.instance)
            return self.instance
        return super().save(commit=False)


class PlacedForm(PolicyForm):
    """A row anywhere: its place is asked for, too."""

    place = forms.ChoiceField(
        label="Where", choices=list(PLACES.items()), widget=UnfoldAdminSelectWidget,
        help_text="The nearest wins: agent, queue, team, inbox, channel, everywhere.",
    )  # fmt: skip
    channel = forms.ChoiceField(
        required=False,
        choices=[("", "Which channel?"), *Inbox.Kind.choices],
        widget=UnfoldAdminSelectWidget,
    )

    class Meta(PolicyForm.Meta):
        fields = ("rule", "channel", "inbox", "team", "queue", "agent", "value")

    def clean(self) -> dict[str, Any]:
        """Only the chosen kind of place counts; what was left in the others is dropped."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        place = said.get("place")
        if place is None:
            return said
        for kind in SCOPES[:-1]:
            if kind != place:
                said[kind] = "" if kind == "channel" else None
        if place != "everything" and not said.get(place):
            self.add_error(place, "Which one?")
        return said


class PolicyFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic when it runs
    """Rules below one place: each at most once."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            if not hasattr(form, "cleaned_data") or form.cleaned_data.get("DELETE"):
                continue
            rule = str(form.cleaned_data.get("rule") or "")
            if rule and rule in seen:
                form.add_error("rule", "This rule is here twice.")
            seen.add(rule)

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 -- Django's
        return _kept(super().save_new(form, commit=False), commit=commit)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        return _kept(form.save(commit=False), commit=commit)


def _kept(policy: Policy, *, commit: bool) -> Policy:
    if commit:
        store(policy)
    return policy


class PolicyInline(StackedInline):
    """The rules of one place, on that place's page."""

    model = Policy
    formset = PolicyFormSet
    extra = 0
    fields = ("rule", "value")
    verbose_name = "rule"
    verbose_name_plural = "rules here"
    scope: ClassVar[str] = ""

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        options["form"] = type("PolicyFormHere", (PolicyForm,), {"scope": self.scope})
        return super().get_formset(request, obj, **options)


def rules_of(kind: str) -> type[PolicyInline]:
    """The inline for a kind of place."""
    return type(f"{kind.capitalize()}Rules", (PolicyInline,), {"scope": kind, "fk_name": kind})


class PlaceFilter(admin.SimpleListFilter):
    title = "kind of place"
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(PLACES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Policy]) -> QuerySet[Policy]:
        match self.value():
            case "everything":
                return queryset.filter(agent=None, queue=None, team=None, inbox=None, channel="")
            case "channel":
                return queryset.exclude(channel="")
            case "agent" | "queue" | "team" | "inbox" as kind:
                return queryset.filter(**{f"{kind}__isnull": False})
            case _:
                return queryset


class GroupFilter(admin.SimpleListFilter):
    title = "what it is about"
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(group, group) for group in GROUPS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Policy]) -> QuerySet[Policy]:
        names = [name for name, face in FACES.items() if face.group == self.value()]
        return queryset.filter(rule__in=names) if self.value() else queryset


@admin.register(Policy)
class PolicyAdmin(ModelAdmin):
    """Every rule that somebody set. What is not here holds by default."""

    form = PlacedForm
    list_display = ("title", "place", "sentence")
    list_filter = (PlaceFilter, GroupFilter, "queue", "team", "inbox")
    list_select_related = ("agent", "queue", "team", "inbox")
    search_fields = ("rule", "queue__name", "team__name", "inbox__name", "agent__username",
        "agent__display_name")  # fmt: skip
    search_help_text = "A rule's name, or the queue, team, inbox or agent it is for."
    autocomplete_fields = ("agent",)
    readonly_fields = ("place",)
    list_per_page = 50

    def get_fields(self, request: HttpRequest, obj: Policy | None = None) -> Sequence[str]:
        if obj is not None:
            return ("rule", "place", "value")
        return ("rule", "place", "channel", "inbox", "team", "queue", "agent", "value")

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> Any:
        return ("place",) if obj is not None else ()

    def get_form(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        if obj is not None:
            options["form"] = PolicyForm
        return super().get_form(request, obj, **options)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown_now = super().get_changelist_instance(request)
        names = names_of_places()
        for row in shown_now.result_list:
            row.sentence = says(row, names)
        return shown_now

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: Any) -> None:
        store(obj)

    @display(description="rule", ordering="rule")
    def title(self, policy: Policy) -> str:
        return FACES[policy.rule].title if policy.rule in FACES else policy.rule

    @display(description="where")
    def place(self, policy: Policy) -> str:
        scope, _ = policy.scope
        if scope == "everything":
            return "Everywhere"
        return f"{scope.capitalize()}: {getattr(policy, scope)}"

    @display(description="value")
    def sentence(self, policy: Policy) -> str:
        return str(vars(policy).get("sentence", ""))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("rules/", self.admin_site.admin_view(self.rules), name="agents_policy_rules"),
            path(
                "check/", self.admin_site.admin_view(self.check_value), name="agents_policy_check"
            ),
        ]
        rest: list[URLPattern] = super().get_urls()
        return own + rest

    def rules(self, request: HttpRequest) -> HttpResponse:
        """What the page needs to draw a form for each rule."""
        self._only_viewers(request)
        return JsonResponse(
            {
                "rules": described_rules(),
                "queues": list(Queue.objects.values_list("name", flat=True)),
                "schedules": list(Schedule.objects.values_list("name", flat=True)),
                "skills": list(Skill.objects.values_list("name", flat=True)),
                "channels": list(Inbox.Kind.values),
            }
        )

    def check_value(self, request: HttpRequest) -> HttpResponse:
        """POST a rule and a value: the sentence that it says, or the one that says what is wrong."""
        self._only_viewers(request)
        rule = request.POST.get("rule", "")
        text = request.POST.get("value", "")[:_LONGEST]
        try:
            value = understood(rule, json.loads(text))
            return JsonResponse({"says": in_words(rule, value, names_of_places())})
        except BadRule as problem:
            return JsonResponse({"problem": str(problem)})
        except (ValueError, RecursionError):
            return JsonResponse({"problem": "This is not JSON; look at the example."})

    def _only_viewers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
