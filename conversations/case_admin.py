"""What cases are made of, in the admin: labels, typed fields, checklists, companies."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from conversations.attributes import WrongValue, check_pattern
from conversations.form_fields import LinesField
from conversations.models import AttributeDefinition, ChecklistTemplate, Company, Label


@admin.register(Label)
class LabelAdmin(ModelAdmin):
    list_display = ("name", "group", "is_exclusive", "colour", "description", "is_active")
    list_filter = ("is_active", "group", "is_exclusive")
    list_editable = ("is_active",)
    search_fields = ("name", "group", "description")
    fields = (("name", "colour"), "description", ("group", "is_exclusive"), "is_active")


class DefinitionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    choices = LinesField(required=False, help_text="For a list: what may be said, one a line.")

    def clean_regex(self) -> str:
        pattern = str(self.cleaned_data["regex"])
        try:
            check_pattern(pattern)
        except WrongValue as error:
            raise ValidationError(str(error)) from error
        return pattern


@admin.register(AttributeDefinition)
class AttributeDefinitionAdmin(ModelAdmin):
    form = DefinitionForm
    list_display = ("label", "key", "scope", "kind", "required_on_resolve", "position")
    list_filter = ("scope", "kind", "required_on_resolve")
    list_editable = ("position",)
    search_fields = ("label", "key")
    fields = (
        ("scope", "key"), ("label", "kind"), "help", ("required_on_resolve", "position"),
        "choices", "regex",
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Values are kept under the key: it never changes."""
        return ("scope", "key") if obj else ()


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    items = LinesField(help_text="The steps, one a line.")


@admin.register(ChecklistTemplate)
class ChecklistTemplateAdmin(ModelAdmin):
    form = TemplateForm
    list_display = ("name", "steps", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    fields = ("name", "items", "is_active")

    @display(description="steps")
    def steps(self, template: ChecklistTemplate) -> int:
        return len(template.items)


@admin.register(Company)
class CompanyAdmin(ModelAdmin):
    list_display = ("name", "domain", "people", "created_at")
    search_fields = ("name", "domain")
    fields = ("name", "domain", "notes", "attributes", "created_at")
    readonly_fields = ("attributes", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        found: QuerySet[Company] = super().get_queryset(request)
        return found.annotate(people_count=Count("customers"))

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: Any) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    @display(description="customers", ordering="people_count")
    def people(self, company: Company) -> int:
        return int(vars(company)["people_count"])
