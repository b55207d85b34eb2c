"""Surveys in the admin: whom they ask and what; what was answered; and bad ratings, looked through."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display

from conversations.admin_links import link_to
from conversations.form_fields import LinesField, OptionsField, TextsField
from conversations.surveys.models import Invitation, Question, Reply, Review, Survey, in_language

_SEE_ALL = "conversations.see_all_conversations"


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    title = TextsField(help_text="One language a line, such as en: How did we do?")
    thanks = TextsField(
        required=False, help_text="Said when they have answered, such as en: Thank you."
    )
    languages = LinesField(required=False, help_text="Such as en; one a line. None: any.")
    with_labels = LinesField(required=False, help_text="Only with one of these; one a line.")
    without_labels = LinesField(required=False, help_text="Never with one of these; one a line.")


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    text = TextsField(help_text="One language a line, such as en: How easy was it?")
    options = OptionsField(
        required=False,
        help_text="To choose from, one a line: slow | en: It took too long | zh: 太慢",
    )


class QuestionInline(StackedInline):
    model = Question
    form = QuestionForm
    extra = 0
    fields = (
        ("kind", "position"), "text", "options", "only_up_to", ("is_required", "is_retired"),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        found: QuerySet[Question] = super().get_queryset(request)
        return found.annotate(given=Count("answers"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was answered is never deleted; the database refuses it, too."""
        answered = obj is not None and Reply.objects.filter(question__survey=obj).exists()
        return not answered and super().has_delete_permission(request, obj)


@admin.register(Survey)
class SurveyAdmin(ModelAdmin):
    form = SurveyForm
    inlines = (QuestionInline,)
    list_display = ("name", "is_active", "position", "ended_with", "ways", "asked", "answered")
    list_editable = ("is_active", "position")
    list_filter = ("is_active", "ended_with", "by_email")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "is_active", "position", "title", "thanks")}),
        (
            "Which conversations",
            {
                "fields": (
                    "inboxes", "ended_with", ("share", "rest_days"),
                    "languages", ("with_labels", "without_labels"),
                )
            },
        ),
        ("How", {"fields": (("in_chat", "by_email"), ("email_after_minutes", "open_days"))}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        found: QuerySet[Survey] = super().get_queryset(request)
        return found.annotate(
            n_asked=Count("invitations"),
            n_answered=Count("invitations", filter=Q(invitations__answered_at__isnull=False)),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        """One that has asked somebody stays: switch it off."""
        asked = obj is not None and obj.invitations.exists()
        return not asked and bool(super().has_delete_permission(request, obj))

    @display(description="ways")
    def ways(self, survey: Survey) -> str:
        return ", ".join(
            word
            for on, word in ((survey.in_chat, "chat"), (survey.by_email, "e-mail"))
            if on
        )  # fmt: skip

    @display(description="asked", ordering="n_asked")
    def asked(self, survey: Survey) -> int:
        return int(vars(survey)["n_asked"])

    @display(description="answered", ordering="n_answered")
    def answered(self, survey: Survey) -> int:
        return int(vars(survey)["n_answered"])


class ReplyInline(TabularInline):
    model = Reply
    fields = ("question", "answer")
    readonly_fields = ("question", "answer")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="answer")
    def answer(self, reply: Reply) -> str:
        if reply.number is not None:
            return str(reply.number)
        words = {option["key"]: option for option in reply.question.options}
        chosen = [
            in_language({k: v for k, v in words[key].items() if k != "key"}, "en")
            for key in reply.chosen
            if key in words
        ]
        return ", ".join(chosen) or reply.text


@admin.register(Invitation)
class InvitationAdmin(ModelAdmin):
    """Who was asked what, and what they said; written by customers alone."""

    inlines = (ReplyInline,)
    list_display = ("survey", "customer", "talk", "way", "asked_at", "answered_at")
    list_filter = ("survey", "way", ("answered_at", admin.EmptyFieldListFilter), "asked_at")
    list_select_related = ("survey", "conversation__customer")
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "survey", "customer", "talk", ("way", "asked_at", "closes_at"),
        ("letter_due_at", "letter_sent_at"), ("answered_at", "answered_by"),
    )  # fmt: skip
    readonly_fields = (
        "survey", "customer", "talk", "way", "asked_at", "closes_at", "letter_due_at",
        "letter_sent_at", "answered_at", "answered_by",
    )  # fmt: skip

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="customer")
    def customer(self, invitation: Invitation) -> str:
        return str(invitation.conversation.customer)

    @display(description="conversation")
    def talk(self, invitation: Invitation) -> str:
        return link_to(invitation.conversation)


@admin.register(Review)
class ReviewAdmin(ModelAdmin):
    """Bad ratings: each is looked at once, by somebody who says what went wrong and what follows."""

    list_display = (
        "shown_score",
        "comment",
        "customer",
        "talk",
        "cause",
        "rated_at",
        "reviewed_by",
    )
    list_filter = (("reviewed_at", admin.EmptyFieldListFilter), "cause", "rating__score")
    list_select_related = ("rating__conversation__customer", "reviewed_by")
    search_fields = ("rating__comment", "note", "rating__conversation__customer__name")
    ordering = ("reviewed_at", "-rating__rated_at")
    list_per_page = 50
    fields = (
        ("shown_score", "rated_at"), "comment", "customer", "talk", "cause", "note",
        ("reviewed_by", "reviewed_at"),
    )  # fmt: skip
    readonly_fields = (
        "shown_score", "rated_at", "comment", "customer", "talk", "reviewed_by", "reviewed_at",
    )  # fmt: skip

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if "cause" in form.base_fields:
            form.base_fields["cause"].required = True
        return form

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: Any) -> None:
        obj.reviewed_by_id, obj.reviewed_at = request.user.pk, timezone.now()
        super().save_model(request, obj, form, change)

    @display(description="score", ordering="rating__score")
    def shown_score(self, review: Review) -> str:
        return f"{review.rating.score} of 5"

    @display(description="comment")
    def comment(self, review: Review) -> str:
        return review.rating.comment or "–"

    @display(description="rated", ordering="rating__rated_at")
    def rated_at(self, review: Review) -> str:
        return f"{timezone.localtime(review.rating.rated_at):%Y-%m-%d %H:%M}"

    @display(description="customer")
    def customer(self, review: Review) -> str:
        return str(review.rating.conversation.customer)

    @display(description="conversation")
    def talk(self, review: Review) -> str:
        return link_to(review.rating.conversation)
