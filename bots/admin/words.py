"""What words mean to search, in the admin: synonyms, stop words, and where a word counts most."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from bots.models import SearchWeights, StopWord, Synonyms


@admin.register(Synonyms)
class SynonymsAdmin(ModelAdmin):
    list_display = ("shown", "language")
    list_filter = ("language",)
    search_fields = ("words",)
    fields = ("words", "language")

    @display(description="words that mean the same")
    def shown(self, synonyms: Synonyms) -> str:
        return ", ".join(synonyms.words)

    def save_model(
        self,
        request: HttpRequest,
        obj: Synonyms,
        form: Any,
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(StopWord)
class StopWordAdmin(ModelAdmin):
    list_display = ("word", "language")
    list_filter = ("language",)
    search_fields = ("word",)
    fields = ("word", "language")


@admin.register(SearchWeights)
class SearchWeightsAdmin(ModelAdmin):
    list_display = ("__str__", "title", "questions", "body")
    fields = ("title", "questions", "body")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SearchWeights.objects.exists()

    def save_model(
        self,
        request: HttpRequest,
        obj: SearchWeights,
        form: Any,
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        obj.pk, obj.updated_at = 1, timezone.now()
        super().save_model(request, obj, form, change)
