"""Inboxes in the admin: how to install one, and its secret only for who asks to see it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import JSONField
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from inboxes.models import Inbox, new_secret


@admin.register(Inbox)
class InboxAdmin(ModelAdmin):
    list_display = (
        "name", "key", "kind", "is_active", "bot_enabled", "identity_required", "created_at",
    )  # fmt: skip
    list_filter = ("is_active", "kind", "bot_enabled")
    search_fields = ("name", "key")
    readonly_fields = ("install", "uuid", "created_at")
    formfield_overrides = {
        JSONField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 3})},
    }
    actions_detail = ("identity_secret",)
    fieldsets = (
        (None, {"fields": (("name", "key"), ("kind", "is_active"), "bot_enabled")}),
        ("Install", {
            "description": "Paste this line into your pages, just before the end of the body.",
            "fields": ("install", "allowed_origins"),
        }),
        ("Who writes", {"fields": (("identity_required", "typing_preview"), "reopen_days")}),
        ("Articles", {"fields": ("own_articles_only", "help_host")}),
        ("Looks", {"fields": ("languages", "appearance")}),
        ("For programs", {"fields": (("uuid", "created_at"),)}),
    )  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Inbox | None = None) -> bool:
        """An inbox is switched off; its conversations keep their way in."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.conversations.exists())

    @display(description="snippet", empty_value="Save the inbox first.")
    def install(self, inbox: Inbox) -> str | None:
        if inbox._state.adding:  # noqa: SLF001 -- Django's own way to ask
            return None
        line = f'<script src="https://YOUR-HOST/widget.js" data-inbox="{inbox.key}" async></script>'
        return format_html('<code class="snippet">{}</code>', line)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.secret_page)
        name = "inboxes_inbox_secret"
        own: list[URLPattern] = [path("<int:inbox_id>/secret/", page, name=name)]
        rest: list[URLPattern] = super().get_urls()
        return own + rest

    @action(description="Identity secret", icon="key", url_path="identity-secret")
    def identity_secret(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.secret_page(request, object_id)

    def secret_page(self, request: HttpRequest, inbox_id: int) -> HttpResponse:
        """GET shows how it is used; POST with `show` reveals it once, with `renew` replaces it.

        Both are written to the log of changes.
        """
        inbox = Inbox.objects.filter(pk=inbox_id).first()
        if inbox is None:
            raise Http404
        if not self.has_change_permission(request, inbox):
            raise PermissionDenied
        shown = request.method == "POST" and ("show" in request.POST or "renew" in request.POST)
        if shown and "renew" in request.POST:
            inbox.secret = new_secret()
            inbox.save(update_fields=["secret"])
            self.log_change(request, inbox, "Replaced the identity secret.")
            messages.success(request, "The old secret is not valid any more.")
        elif shown:
            self.log_change(request, inbox, "Looked at the identity secret.")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Identity secret of {inbox.name}",
            "opts": self.opts,
            "inbox": inbox,
            "secret": inbox.secret if shown else "",
            "here": reverse("admin:inboxes_inbox_secret", args=[inbox.pk]),
            "back": reverse("admin:inboxes_inbox_change", args=[inbox.pk]),
        }
        return TemplateResponse(request, "admin/inboxes/inbox/secret.html", context)
