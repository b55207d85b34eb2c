"""Score cards: the card, its versions, and the draft with its questions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display

from analytics.quality.actions.cards import CannotPublish, draft_of, publish
from analytics.quality.models import CardQuestion, CardSection, CardVersion, ScoreCard
from analytics.quality.rules.registry import JUDGES

CHANGE = "quality.change_scorecard"


@admin.register(ScoreCard)
class ScoreCardAdmin(ModelAdmin):
    list_display = ("name", "in_force", "for_which", "position", "share", "is_on")
    list_filter = ("is_on",)
    fields = (
        ("name", "position", "is_on"),
        ("sample_share", "reviewers", "least_kappa"),
    )
    change_form_outer_after_template = "admin/quality/card.html"
    when_empty = "A card says what a good conversation is. Conversations that end are scored by it."

    def has_delete_permission(self, request: HttpRequest, obj: ScoreCard | None = None) -> bool:
        """A card that is no longer wanted is switched off: its scores stay what they are."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScoreCard]:
        found: QuerySet[ScoreCard] = super().get_queryset(request)
        return found.prefetch_related("versions__inbox")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/draft/", wrap(require_POST(self._draft)), name="quality_scorecard_draft"
            ),
            path(
                "<int:pk>/publish/",
                wrap(require_POST(self._publish)),
                name="quality_scorecard_publish",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        card = self.get_object(request, object_id)
        context = {
            "versions": [
                (one, reverse("admin:quality_cardversion_change", args=[one.pk]))
                for one in (card.versions.select_related("inbox") if card else ())
            ],
            "may_change_card": request.user.has_perm(CHANGE),
            **(extra_context or {}),
        }
        answer: HttpResponse = super().change_view(request, object_id, form_url, context)
        return answer

    def _held(self, request: HttpRequest, pk: int) -> ScoreCard:
        card: ScoreCard | None = self.get_object(request, str(pk))
        if card is None:
            raise Http404
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return card

    def _draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = draft_of(self._held(request, pk))
        return redirect("admin:quality_cardversion_change", draft.pk)

    def _publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        card = self._held(request, pk)
        draft = card.versions.filter(state="draft").first()
        if draft is None:
            return redirect("admin:quality_scorecard_change", pk)
        try:
            publish(draft, by_id=request.user.pk, at=timezone.now())
        except CannotPublish as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:quality_cardversion_change", draft.pk)
        messages.success(request, f"In force: {draft}. What ends from now on is scored by it.")
        return redirect("admin:quality_scorecard_change", pk)

    @display(description="in force")
    def in_force(self, card: ScoreCard) -> str:
        live = _live(card)
        return f"version {live.number}" if live else "nothing yet"

    @display(description="for")
    def for_which(self, card: ScoreCard) -> str:
        live = _live(card)
        return in_words(live) if live else "–"

    @display(description="for people", ordering="sample_share")
    def share(self, card: ScoreCard) -> str:
        return f"{card.sample_share:.0%}, {card.reviewers} each"


def _live(card: ScoreCard) -> CardVersion | None:
    return next((one for one in card.versions.all() if one.state == "published"), None)


def in_words(version: CardVersion) -> str:
    """Which conversations a version is for."""
    parts = [
        str(version.inbox) if version.inbox else "",
        version.channel,
        version.language,
        version.get_answered_by_display() if version.answered_by else "",
    ]
    return ", ".join(filter(None, parts)) or "every conversation"


class OfItsCard:
    """Whoever may see a card sees its questions; a draft's are changed by whoever may change cards."""

    def has_view_permission(self, request: HttpRequest, obj: CardVersion | None = None) -> bool:
        return request.user.has_perm("quality.view_scorecard")

    def has_change_permission(self, request: HttpRequest, obj: CardVersion | None = None) -> bool:
        return request.user.has_perm(CHANGE) and (obj is None or obj.state == "draft")

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


class SectionInline(OfItsCard, TabularInline):
    model = CardSection
    extra = 0
    fields = ("position", "title")
    hide_title = True
    verbose_name_plural = "sections"


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CardQuestion
        fields = (
            "section", "position", "code", "text", "advice", "kind", "highest", "may_not_apply", "weight",
            "is_fatal", "judge", "asked_if", "asked_if_least", "asked_if_most",
        )  # fmt: skip
        widgets = {"advice": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        """What the database would refuse, in words and at its place."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        kind = said.get("kind")
        if kind == "scale" and not 2 <= (said.get("highest") or 0) <= 10:
            self.add_error("highest", "A scale has two to ten places.")
        if kind != "scale":
            said["highest"] = None
        if kind == "text":
            said["weight"], said["judge"] = 0.0, ""
        if said.get("is_fatal") and kind != "yes_no":
            self.add_error("is_fatal", "Only a yes-no question can be fatal.")
        other = said.get("asked_if")
        told = [said.get("asked_if_least"), said.get("asked_if_most")]
        if other is not None and told == [None, None]:
            self.add_error("asked_if_least", "Say with which answer it is asked.")
        if other is None and told != [None, None]:
            self.add_error("asked_if", "Say which question this is about.")
        if kind is not None and other is not None and not _is_before(other, said):
            self.add_error("asked_if", "A condition is about an earlier question.")
        return said


def _is_before(other: CardQuestion, said: dict[str, Any]) -> bool:
    section = said.get("section")
    if section is None or other.kind == "text":
        return False
    return (other.section.position, other.position) < (section.position, said.get("position") or 0)


class QuestionInline(OfItsCard, StackedInline):
    model = CardQuestion
    form = QuestionForm
    fk_name = "version"
    extra = 0
    verbose_name_plural = "questions"
    fields = (
        ("section", "position", "code"),
        "text",
        "advice",
        ("kind", "highest", "weight"),
        ("judge", "may_not_apply", "is_fatal"),
        ("asked_if", "asked_if_least", "asked_if_most"),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Sections and questions of this very version."""
        version = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if db_field.name == "section":
            kwargs["queryset"] = CardSection.objects.filter(version=version)
        if db_field.name == "asked_if":
            kwargs["queryset"] = CardQuestion.objects.filter(version=version).exclude(kind="text")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class VersionForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_language(self) -> str:
        language = str(self.cleaned_data["language"]).strip().lower()
        if language and not language.isalpha():
            raise ValidationError("A language is two letters: en, zh.")
        return language


@admin.register(CardVersion)
class CardVersionAdmin(ModelAdmin):
    """A draft is edited here; what was published is only read."""

    form = VersionForm
    inlines = (SectionInline, QuestionInline)
    fields = (("inbox", "channel", "language"), ("answered_by", "fewest_words"))
    change_form_outer_before_template = "admin/quality/version.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # one comes here from its card

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CardVersion | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: CardVersion | None = None) -> bool:
        return request.user.has_perm("quality.view_scorecard")

    def has_change_permission(self, request: HttpRequest, obj: CardVersion | None = None) -> bool:
        return request.user.has_perm(CHANGE) and (obj is None or obj.state == "draft")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        version = self.get_object(request, object_id)
        context = {
            "version": version,
            "for_which": in_words(version) if version else "",
            "judges": [(name, one.title) for name, one in JUDGES.items()],
            **(extra_context or {}),
        }
        try:
            with transaction.atomic():
                answer: HttpResponse = super().change_view(request, object_id, form_url, context)
                return answer
        except IntegrityError as refusal:
            # Two places or codes that are the same: the database says so by the constraint's name.
            messages.error(request, f"Not saved: {str(refusal).splitlines()[0]}")
            return redirect("admin:quality_cardversion_change", object_id)
