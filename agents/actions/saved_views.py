"""Views are made, changed and thrown away by those who may."""

from datetime import datetime
from typing import Any

from django.db import transaction

from agents.access import SUPERVISE
from agents.models import Agent, SavedView
from conversations.errors import BadWords, NotAllowed
from conversations.words import clean_line

MOST_VIEWS = 1000


def save_view(
    view: SavedView | None, *, agent_id: int, words: dict[str, Any], at: datetime
) -> SavedView:
    """Makes a view, or changes one; what `words` does not name stays. Raises NotAllowed."""
    with transaction.atomic():
        agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
        if view is None:
            if SavedView.objects.filter(owner=agent).count() >= MOST_VIEWS:
                raise BadWords(f"You have {MOST_VIEWS} views; delete one first.")
            view = SavedView(owner=agent, created_at=at)
        else:
            may_change(view, agent)
        for name in ("conditions", "sort", "position", "shared", "team"):
            if name in words:
                setattr(view, name, words[name])
        if "name" in words:
            view.name = clean_line(words["name"], limit=80)
        if not view.name:
            raise BadWords("A view has a name.")
        if view.shared != SavedView.Shared.TEAM:
            view.team = None
        _may_share(view, agent)
        view.save()
    return view


def delete_view(view: SavedView, *, agent: Agent) -> None:
    may_change(view, agent)
    view.delete()


def may_change(view: SavedView, agent: Agent) -> None:
    """Its owner; a shared one also a supervisor."""
    supervised = view.shared != SavedView.Shared.PERSONAL and agent.has_perm(SUPERVISE)
    if view.owner_id != agent.pk and not supervised:
        raise NotAllowed("This view is somebody else's.")


def _may_share(view: SavedView, agent: Agent) -> None:
    if view.shared == SavedView.Shared.PERSONAL or agent.has_perm(SUPERVISE):
        return
    if view.shared == SavedView.Shared.EVERYBODY:
        raise NotAllowed("Only supervisors share with everybody.")
    if view.team is None or not view.team.members.filter(pk=agent.pk).exists():
        raise NotAllowed("Share with a team of your own.")
