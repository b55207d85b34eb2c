"""Forms of an account, and how far somebody may go with somebody else's."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from unfold.forms import UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from agents.languages import choices
from agents.models import Agent


class LanguagesField(forms.MultipleChoiceField):
    """Chosen from a list, kept as a list of codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=choices(),
            required=False,
            widget=UnfoldAdminSelect2MultipleWidget(choices=choices()),
            help_text="None chosen: they are asked about customers of any language.",
            **kwargs,
        )

    def keep(self, codes: list[str]) -> None:
        """Codes that somebody has already stay possible."""
        self.choices = choices(codes)


class AccountForm(UserChangeForm):  # type: ignore[misc]  # unfold has no types
    languages = LanguagesField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("languages")
        if isinstance(field, LanguagesField):
            field.keep([str(code) for code in self.instance.languages])


class NewAccountForm(UserCreationForm):  # type: ignore[misc]  # unfold has no types
    languages = LanguagesField()


def rights_of(agent: Agent) -> set[int]:
    """The permissions of an account as if it were switched on: a switched-off one has them again the
    moment somebody switches it on."""
    mine = Permission.objects.filter(Q(group__user=agent) | Q(user=agent))
    return set(mine.values_list("pk", flat=True))


def may_touch(editor: Agent, agent: Agent) -> bool:
    """Nobody changes the account of somebody who may do more than they, the password least of all."""
    if editor.is_superuser:
        return True
    return not agent.is_superuser and rights_of(agent) <= rights_of(editor)


def roles_for(editor: Agent) -> QuerySet[Group]:
    """The roles that this editor may give or take: those that may do nothing that they may not."""
    if editor.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=rights_of(editor))
    return Group.objects.exclude(permissions__in=beyond)
