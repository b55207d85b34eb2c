"""A customer's data: given out as a file, or erased for good; and the record of both."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextInputWidget

from agents.actions.erasing import erase, export
from agents.models import DataRequest
from agents.reads.archive import archive_of
from agents.reads.customer_data import customer_named

_RIGHTS = {"export": "agents.export_customers", "erase": "agents.erase_customers"}
_WHAT = [
    ("export", "Give out everything as a ZIP file"),
    ("erase", "Erase everything, for good"),
]


class DataRequestForm(forms.ModelForm):  # type: ignore[type-arg]
    who = forms.CharField(
        label="Customer",
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Their id (it stands at the bottom of their page under Customers), or their "
        "external id.",
    )
    kind = forms.ChoiceField(
        label="What", choices=_WHAT, widget=UnfoldAdminRadioSelectWidget(choices=_WHAT)
    )
    reason = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Stays on record: no personal data here.",
    )

    class Meta:
        model = DataRequest
        fields = ("who", "kind", "reason")

    def clean_who(self) -> UUID:
        known = customer_named(self.cleaned_data["who"].strip())
        if known is None:
            raise forms.ValidationError("There is no such customer.")
        return known.uuid


@admin.register(DataRequest)
class DataRequestAdmin(ModelAdmin):
    list_display = ("at", "what", "customer", "asked_by", "reason", "row_count", "file_count")
    list_filter = ("kind", "at")
    list_select_related = ("asked_by",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("customer", "reason")
    search_help_text = "A customer's id, or words of the reason."
    ordering = ("-at", "-pk")
    fields = (
        ("at", "what"), ("customer", "asked_by"), "reason", "told_rows", ("file_count", "left"),
        "told_articles",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(right) for right in _RIGHTS.values())

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields if obj else ("who", "kind", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("what", "told_rows", "left", "told_articles") if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_form(
            request, obj, **({} if obj else {"form": DataRequestForm}), **kwargs
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        chosen = request.POST.get("kind", "")
        if request.method == "POST" and not request.user.has_perm(_RIGHTS.get(chosen, "")):
            messages.error(request, "Your role does not allow this.")
            return HttpResponseRedirect(reverse("admin:agents_datarequest_changelist"))
        words = {
            "show_save": True,
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
        }
        answer: HttpResponse = super().add_view(
            request, form_url, {**words, **(extra_context or {})}
        )
        return answer

    def save_model(self, request: HttpRequest, obj: DataRequest, form: Any, change: Any) -> None:
        said: dict[str, Any] = {
            "customer": form.cleaned_data["who"],
            "agent_id": request.user.pk,
            "reason": obj.reason,
            "at": timezone.now(),
        }
        if obj.kind == DataRequest.Kind.EXPORT:
            done, form.given_out = export(**said)
        else:
            done = erase(**said)
        obj.pk, obj.at, obj.customer = done.pk, done.at, done.customer
        request.given_out = getattr(form, "given_out", None)  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: DataRequest, post_url_continue: str | None = None
    ) -> HttpResponseBase:  # type: ignore[override]
        if data := getattr(request, "given_out", None):
            name = f"customer-{obj.customer}.zip"
            answer = FileResponse(
                archive_of(data), as_attachment=True, filename=name, content_type="application/zip"
            )
            answer["Cache-Control"] = "no-store"
            return answer
        messages.success(request, "Everything of this customer is erased.")
        return HttpResponseRedirect(reverse("admin:agents_datarequest_change", args=[obj.pk]))

    @display(description="what", ordering="kind", label={"export": "info", "erase": "warning"})
    def what(self, row: DataRequest) -> tuple[str, str]:
        return row.kind, row.get_kind_display()

    @display(description="rows")
    def row_count(self, row: DataRequest) -> int:
        return sum(row.rows.values())

    @display(description="rows")
    def told_rows(self, row: DataRequest) -> str:
        return format_html_join("", "<p>{}: {}</p>", sorted(row.rows.items())) or "–"

    @display(description="files still to go")
    def left(self, row: DataRequest) -> int:
        return len(row.files)

    @display(description="articles to look at")
    def told_articles(self, row: DataRequest) -> str:
        return ", ".join(row.wording) or "–"
