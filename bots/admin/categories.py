"""Categories in the admin: their order, and what the help centre calls them in each language."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from bots.actions.categories import save_category
from bots.models import Article, Category, CategoryName
from bots.sources.rows import LANGUAGE


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes none
    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if not LANGUAGE.match(language):
            raise ValidationError("Write a language such as en, zh or pt-BR.")
        return language


class NamesInline(TabularInline):
    model = CategoryName
    form = NameForm
    extra = 1
    verbose_name = "name in another language"
    verbose_name_plural = "names in other languages"


@admin.register(Category)
class CategoryAdmin(ModelAdmin):
    list_display = ("name", "position", "in_languages", "articles", "description")
    list_display_links = ("name",)
    list_editable = ("position",)
    search_fields = ("name", "names__name")
    inlines = (NamesInline,)
    fields = ("name", "description", "position")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        held = Article.objects.filter(category=OuterRef("name")).order_by().values("category")
        rows: QuerySet[Category] = super().get_queryset(request)
        return rows.prefetch_related("names").annotate(
            held=Coalesce(Subquery(held.annotate(n=Count("pk")).values("n")), 0)
        )

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        save_category(obj)

    @display(description="languages")
    def in_languages(self, category: Category) -> str:
        return ", ".join(f"{one.language}: {one.name}" for one in category.names.all()) or "–"

    @display(description="articles", ordering="held")
    def articles(self, category: Any) -> int:
        """Those that name it; those of other languages may name it by its name there."""
        return int(category.held)
