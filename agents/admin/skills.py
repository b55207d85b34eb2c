"""Skills in the admin, and who has them how well."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Avg, Count, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from agents.models import AgentSkill, Skill
from conversations.words import clean_line

LEVELS = (
    (1, "1 · knows of it"),
    (2, "2 · a little"),
    (3, "3 · well"),
    (4, "4 · very well"),
    (5, "5 · teaches it"),
)


class LevelForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    level = forms.TypedChoiceField(
        choices=LEVELS, coerce=int, initial=3, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = AgentSkill
        fields = ("agent", "skill", "level")


class SkillsInline(TabularInline):
    """What somebody can do, on their own page."""

    model = AgentSkill
    form = LevelForm
    fk_name = "agent"
    fields = ("skill", "level")
    hide_title = True
    extra = 0
    verbose_name = "skill"
    verbose_name_plural = "skills"


class HoldersInline(TabularInline):
    """Who has a skill, on the skill's page."""

    model = AgentSkill
    form = LevelForm
    fk_name = "skill"
    fields = ("agent", "level")
    autocomplete_fields = ("agent",)
    hide_title = True
    extra = 0
    verbose_name = "agent"
    verbose_name_plural = "who has it"


class SkillForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    class Meta:
        model = Skill
        fields = ("name",)

    def clean_name(self) -> str:
        """Rules name it, so it is written one way: in lower case."""
        return clean_line(self.cleaned_data["name"], limit=80).lower()


@admin.register(Skill)
class SkillAdmin(ModelAdmin):
    form = SkillForm
    list_display = ("name", "people", "average")
    search_fields = ("name", "holders__agent__username", "holders__agent__display_name")
    inlines = (HoldersInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        rows: QuerySet[Skill] = super().get_queryset(request)
        return rows.annotate(size=Count("holders", distinct=True), mean=Avg("holders__level"))

    @display(description="agents", ordering="size")
    def people(self, skill: Skill) -> int:
        return int(vars(skill).get("size", 0))

    @display(description="average level", ordering="mean", empty_value="–")
    def average(self, skill: Skill) -> str | None:
        mean: Any = vars(skill).get("mean")
        return None if mean is None else f"{mean:.1f}"
