"""People and queues in the admin: who may come in, what they may do, and where they serve."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, Exists, JSONField, Model, OuterRef, Q, QuerySet
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from agents import tools_admin  # noqa: F401 -- registered beside these
from agents.actions.accounts import deactivate, end_access
from agents.models import Agent, ApiToken, Presence, Queue, Team
from agents.queries import online
from conversations.lifecycle import HELD, WAITING

admin.site.unregister(Group)
SMALL_JSON: dict[Any, Any] = {JSONField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 2})}}


class PresenceFilter(admin.SimpleListFilter):
    title = "presence"
    parameter_name = "presence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("online", "Online now"), ("not", "Not online")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Agent]) -> QuerySet[Agent]:
        here = Presence.objects.filter(online(timezone.now()), agent=OuterRef("pk"))
        if self.value() == "online":
            return queryset.filter(Exists(here))
        return queryset.filter(~Exists(here)) if self.value() == "not" else queryset


@admin.register(Agent)
class AgentAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Accounts are switched off, not deleted: what they wrote keeps its author."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = (
        "username", "shown_name", "roles", "here", "holding", "capacity", "is_active", "last_login",
    )  # fmt: skip
    list_filter = ("is_active", PresenceFilter, "groups", "teams", "queues")
    search_fields = ("username", "display_name", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    formfield_overrides = SMALL_JSON
    actions = ("switch_off", "sign_out")
    readonly_fields = ("last_login", "date_joined", "uuid", "here")
    fieldsets = (
        (None, {"fields": (("username", "display_name"), ("first_name", "last_name"), "email",
            "password")}),
        ("Role", {
            "description": "A role is a group of permissions: agent answers, manager also sees "
            "the reports and all conversations and edits articles, admin sets everything up. "
            "Managers and admins also need “staff status” to open these pages.",
            "fields": ("groups", ("is_staff", "is_superuser")),
        }),
        ("Work", {"fields": (("capacity", "languages"), "here")}),
        ("Account", {
            "description": "Switching it off signs them out everywhere, ends their tokens and "
            "gives what they hold back to its queue.",
            "fields": ("is_active", ("last_login", "date_joined"), "uuid"),
        }),
    )  # fmt: skip
    add_fieldsets = (
        (None, {"fields": ("username", "display_name", "email", "password1", "password2")}),
        ("Role", {"fields": ("groups", "is_staff")}),
        ("Work", {"fields": ("capacity", "languages")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        holding = Q(assignments__ended_at=None) & Q(assignments__conversation__state__in=HELD)
        rows: QuerySet[Agent] = super().get_queryset(request)
        return rows.select_related("presence").prefetch_related("groups").annotate(
            held=Count("assignments", filter=holding, distinct=True)
        )  # fmt: skip

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "ModelMultipleChoiceField[Any] | None":
        if db_field.name == "groups":
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> Any:
        """Only a superuser makes superusers."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else (*fixed, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        """Nobody below a superuser touches a superuser's account, the password least of all."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Agent,
        form: "ModelForm[Agent]",
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            deactivate(agent_id=obj.pk, at=timezone.now())

    @action(description="Switch off, and sign out everywhere", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Agent]) -> None:
        others = self._may_touch(request, queryset)
        for agent in others:
            deactivate(agent_id=agent.pk, at=timezone.now())
            self.log_change(request, agent, "Switched off.")
        self.message_user(request, f"{len(others)} switched off.")

    @action(description="Sign out everywhere", permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[Agent]) -> None:
        others = self._may_touch(request, queryset)
        for agent in others:
            end_access(agent_id=agent.pk, at=timezone.now())
            self.log_change(request, agent, "Signed out everywhere.")
        self.message_user(request, f"{len(others)} signed out.")

    def _may_touch(self, request: HttpRequest, chosen: QuerySet[Agent]) -> list[Agent]:
        """Never oneself by accident, and never a superuser by somebody who is none."""
        return [
            agent
            for agent in chosen
            if agent.pk != request.user.pk and self.has_change_permission(request, agent)
        ]

    @display(description="roles", empty_value="–")
    def roles(self, agent: Agent) -> str | None:
        names = [group.name for group in agent.groups.all()]
        return ", ".join(["superuser", *names] if agent.is_superuser else names) or None

    @display(description="here", label={"online": "success", "away": "warning"})
    def here(self, agent: Agent) -> str:
        presence = getattr(agent, "presence", None)
        return presence.status if presence else Presence.Status.OFFLINE

    @display(description="holds", ordering="held")
    def holding(self, agent: Agent) -> int:
        return int(getattr(agent, "held", 0))


@admin.register(Group)
class RoleAdmin(GroupAdmin, ModelAdmin):
    """A role: the permissions its members have."""


@admin.register(Team)
class TeamAdmin(ModelAdmin):
    list_display = ("name", "people")
    search_fields = ("name", "members__username", "members__display_name")
    autocomplete_fields = ("members",)
    readonly_fields = ("uuid",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(size=Count("members", distinct=True))

    @display(description="members", ordering="size")
    def people(self, team: Team) -> int:
        return int(getattr(team, "size", 0))


@admin.register(Queue)
class QueueAdmin(ModelAdmin):
    list_display = ("name", "is_default", "team", "waiting", "offer_seconds", "target_seconds")
    list_filter = ("is_default", "team")
    search_fields = ("name",)
    autocomplete_fields = ("inboxes", "members")
    readonly_fields = ("uuid",)
    fieldsets = (
        (None, {"fields": (("name", "is_default"),)}),
        ("What comes in", {"fields": ("inboxes",)}),
        ("Who serves", {"fields": ("team", "members")}),
        ("How soon", {"fields": (("offer_seconds", "target_seconds"), "uuid")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Queue]:
        rows: QuerySet[Queue] = super().get_queryset(request)
        queued = Q(conversations__state__in=WAITING)
        return rows.annotate(queued=Count("conversations", filter=queued, distinct=True))

    def has_delete_permission(self, request: HttpRequest, obj: Queue | None = None) -> bool:
        """The default queue takes what nobody else does; a used one is part of the history."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not (obj.is_default or obj.conversations.exists()))

    @display(description="waiting now", ordering="queued")
    def waiting(self, queue: Queue) -> int:
        return int(getattr(queue, "queued", 0))


class ReadOnly(ModelAdmin):
    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    """Who has a token, and until when. The token itself is nowhere."""

    list_display = ("agent", "created_at", "expires_at", "revoked_at")
    list_filter = ("agent", "revoked_at")
    list_select_related = ("agent",)
    search_fields = ("agent__username",)
    fields = ("agent", "created_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    @action(description="Revoke")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        if not request.user.has_perm("agents.change_apitoken"):
            self.message_user(request, "You may only look at tokens.", "error")
            return
        for token in queryset.filter(revoked_at=None):
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            self.log_change(request, token, "Revoked.")
        self.message_user(request, "Revoked.")


@admin.register(LogEntry)
class ChangeLogAdmin(ReadOnly):
    """Who changed what in these pages, and when. Nobody changes this."""

    list_display = ("action_time", "user", "what", "content_type", "object_repr", "change")
    list_display_links = ("action_time",)
    list_filter = ("action_flag", "user", "content_type", "action_time")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "change_message", "user__username")
    date_hierarchy = "action_time"
    show_full_result_count = False
    fields = (
        "action_time", "user", "what", "content_type", "object_repr", "object_id", "change",
    )  # fmt: skip

    @display(description="did", label={"added": "success", "changed": "info", "deleted": "danger"})
    def what(self, entry: LogEntry) -> str:
        return {1: "added", 2: "changed", 3: "deleted"}.get(entry.action_flag, "did")

    @display(description="change")
    def change(self, entry: LogEntry) -> str:
        return entry.get_change_message()
