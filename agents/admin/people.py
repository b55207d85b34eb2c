"""Accounts and roles in the admin: who may come in, and what they may do."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from agents.actions.accounts import deactivate, end_access
from agents.admin.accounts import AccountForm, NewAccountForm, may_touch, roles_for
from agents.admin.policies import rules_of
from agents.admin.skills import SkillsInline
from agents.admin.tables import rules_table
from agents.models import Agent, Assignment, Presence
from agents.queries import number_of, online
from agents.reads.setup import in_force, place_of_agent
from conversations.lifecycle import HELD

admin.site.unregister(Group)


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


def _editor(request: HttpRequest) -> Agent:
    assert isinstance(request.user, Agent)
    return request.user


@admin.register(Agent)
class AgentAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Accounts are switched off, not deleted: what they wrote keeps its author."""

    form = AccountForm
    add_form = NewAccountForm
    change_password_form = AdminPasswordChangeForm
    list_display = (
        "username", "shown_name", "roles", "here", "holding", "capacity", "is_active", "last_login",
    )  # fmt: skip
    list_filter = ("is_active", PresenceFilter, "groups", "teams", "queues")
    search_fields = ("username", "display_name", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    actions = ("switch_off", "sign_out")
    readonly_fields = ("last_login", "date_joined", "uuid", "here", "rules_in_force")
    inlines = (SkillsInline, rules_of("agent"))
    fieldsets = (
        (None, {"fields": (("username", "display_name"), ("first_name", "last_name"), "email",
            "password")}),
        ("Role", {
            "description": "A role is a group of permissions: agent answers, lead also supervises "
            "the teams that name them as their lead, manager also sees "
            "the reports and all conversations and edits articles, admin sets everything up. "
            "Managers and admins also need “staff status” to open these pages. Nobody gives a role "
            "that may do more than their own.",
            "fields": ("groups", ("is_staff", "is_superuser")),
        }),
        ("Work", {"fields": (("capacity", "languages"), "here")}),
        ("What holds for them", {
            "description": "Each rule as it is in force for this person, whatever the queue.",
            "fields": ("rules_in_force",),
            "classes": ("collapse",),
        }),
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
        held = Assignment.objects.filter(ended_at=None, conversation__state__in=HELD)
        rows: QuerySet[Agent] = super().get_queryset(request)
        return rows.select_related("presence").prefetch_related("groups").annotate(
            held=number_of(held, by="agent")
        )  # fmt: skip

    def get_inlines(self, request: HttpRequest, obj: Agent | None) -> Any:
        """Skills and rules come once there is somebody to have them."""
        return self.inlines if obj else ()

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "ModelMultipleChoiceField[Any] | None":
        if db_field.name == "groups":
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
            kwargs["queryset"] = roles_for(_editor(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> Any:
        """Only a superuser makes superusers."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else (*fixed, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        """Whoever may do more than the editor is only looked at."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_touch(_editor(request), obj))

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

    @display(description="in force")
    def rules_in_force(self, agent: Agent) -> str:
        return rules_table(in_force(place_of_agent(agent)))

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
