"""Canned replies and macros are written and thrown away by those who may."""

from typing import Any

from django.db.models import F

from agents.access import SUPERVISE
from agents.models import Agent, CannedReply, Macro
from conversations.errors import BadWords, NotAllowed
from conversations.words import clean_line, clean_text

_MOST_PERSONAL = 1000
Scope = CannedReply.Scope


def save_reply(reply: CannedReply | None, *, agent: Agent, words: dict[str, Any]) -> CannedReply:
    """Makes a reply, or changes one; what `words` does not name stays. Raises NotAllowed."""
    is_new = reply is None
    if reply is None:
        reply = CannedReply(scope=Scope.PERSONAL)
    else:
        may_change_reply(reply, agent)
    for name, value in words.items():
        setattr(reply, name, value)
    reply.title = clean_line(reply.title, limit=120)
    reply.texts = {language: clean_text(text) for language, text in reply.texts.items()}
    reply.tags = list(dict.fromkeys(clean_line(tag, limit=40) for tag in reply.tags))
    reply.owner = agent if reply.scope == Scope.PERSONAL else None
    reply.team = reply.team if reply.scope == Scope.TEAM else None
    reply.inbox = reply.inbox if reply.scope == Scope.INBOX else None
    may_change_reply(reply, agent)
    if is_new and reply.owner_id:
        _check_room(CannedReply.objects.filter(owner=agent).count())
    reply.full_clean()
    reply.save()
    return reply


def may_change_reply(reply: CannedReply, agent: Agent) -> None:
    """One's own; a team's by its members; everything that is shared by supervisors."""
    if reply.scope == Scope.PERSONAL:
        if reply.owner_id != agent.pk:
            raise NotAllowed("This reply is somebody else's.")
        return
    if agent.has_perm(SUPERVISE):
        return
    in_team = reply.team is not None and reply.team.members.filter(pk=agent.pk).exists()
    if reply.scope != Scope.TEAM or not in_team:
        raise NotAllowed("Only supervisors write replies for everybody.")


def count_use(reply: CannedReply) -> None:
    CannedReply.objects.filter(pk=reply.pk).update(uses=F("uses") + 1)


def save_macro(macro: Macro | None, *, agent: Agent, words: dict[str, Any]) -> Macro:
    """Makes a macro, or changes one; `personal` says whose it is. Raises NotAllowed."""
    is_new = macro is None
    if macro is None:
        macro = Macro(owner=agent)
    else:
        may_change_macro(macro, agent)
    for name in ("name", "actions", "position"):
        if name in words:
            setattr(macro, name, words[name])
    if "personal" in words:
        macro.owner = agent if words["personal"] else None
    may_change_macro(macro, agent)
    if is_new and macro.owner_id:
        _check_room(Macro.objects.filter(owner=agent).count())
    macro.name = clean_line(macro.name, limit=80)
    if not macro.name:
        raise BadWords("A macro has a name.")
    macro.save()
    return macro


def may_change_macro(macro: Macro, agent: Agent) -> None:
    if macro.owner_id not in {None, agent.pk}:
        raise NotAllowed("This macro is somebody else's.")
    if macro.owner_id is None and not agent.has_perm(SUPERVISE):
        raise NotAllowed("Only supervisors write macros for everybody.")


def _check_room(count: int) -> None:
    if count >= _MOST_PERSONAL:
        raise BadWords(f"You have {_MOST_PERSONAL} of them; delete one first.")
