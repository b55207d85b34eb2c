"""Topics in the admin: named, pinned and merged by people."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from analytics.topics.actions.deciding import CannotMerge, merge
from analytics.topics.models import Topic


@admin.register(Topic)
class TopicAdmin(ModelAdmin):
    list_display = ("shown", "size", "language", "is_pinned", "found")
    list_filter = ("is_pinned", "language")
    list_editable = ("is_pinned",)
    search_fields = ("title", "example")
    fields = ("title", "is_pinned", "shown_words", "example", "size", "found")
    readonly_fields = ("shown_words", "example", "size", "found")
    actions = ("merge_them",)
    show_full_result_count = False
    when_empty = "Topics appear by themselves once five conversations ask for something alike."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        found: QuerySet[Topic] = super().get_queryset(request)
        return found.filter(merged_into=None).defer("centre")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Topic, form: object, change: bool) -> None:  # noqa: FBT001 -- Django's own
        obj.changed_by_id = request.user.pk
        obj.save(update_fields=["title", "is_pinned", "changed_by"])

    @admin.action(description="Merge into the largest", permissions=["change"])
    def merge_them(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        """What a person has named stays the name, where only one of them has."""
        rows = sorted(queryset, key=lambda one: (bool(one.title), one.size), reverse=True)
        try:
            into = merge(topics=rows, into=rows[0], by_id=request.user.pk)
        except CannotMerge as refusal:
            messages.error(request, str(refusal))
            return
        messages.success(request, f"{len(rows)} topics are one now: {into}.")

    @display(description="topic", ordering="title")
    def shown(self, topic: Topic) -> str:
        return topic.shown_name()

    @display(description="words that set it apart")
    def shown_words(self, topic: Topic) -> str:
        return (
            "; ".join(f"{code}: {', '.join(words)}" for code, words in topic.words.items()) or "–"
        )

    @display(description="found", ordering="found_at")
    def found(self, topic: Topic) -> str:
        return f"{topic.found_at:%Y-%m-%d}"
