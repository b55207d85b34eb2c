"""Says that two conversations belong together."""

from datetime import datetime

from django.db import IntegrityError, transaction

from conversations.actions.log import append
from conversations.actions.merge import held_pair
from conversations.errors import BadWords, CannotMerge, NotFound, Taken
from conversations.models import Link

_DEEP = 50


@transaction.atomic
def link(*, source_id: int, target_id: int, kind: str, agent_id: int, at: datetime) -> Link:
    """`parent`: the source is the parent. Raises Taken if the two are linked so already."""
    try:
        source, target = held_pair(source_id, target_id)
    except CannotMerge as refusal:
        raise BadWords("A conversation can't be linked to itself.") from refusal
    if kind == Link.Kind.PARENT and target_id in _ancestors(source_id):
        raise Taken("That would be its own ancestor.")
    try:
        with transaction.atomic():
            made = Link.objects.create(
                source=source, target=target, kind=kind, agent_id=agent_id, created_at=at
            )
    except IntegrityError as error:
        raise Taken("These two are linked already, or it has another parent.") from error
    for one, other in ((source, target), (target, source)):
        append(one, "linked", at=at, actor="agent", agent_id=agent_id, link=kind, to=other.uuid)
    return made


def _ancestors(conversation_id: int) -> set[int]:
    """Parents of parents; each has at most one."""
    found: set[int] = set()
    current: int | None = conversation_id
    while current is not None and len(found) < _DEEP:
        current = (
            Link.objects.filter(target=current, kind=Link.Kind.PARENT)
            .values_list("source", flat=True)
            .first()
        )
        if current is None or current in found:
            break
        found.add(current)
    return found


@transaction.atomic
def unlink(*, link_id: int, agent_id: int, at: datetime) -> None:
    found = Link.objects.filter(pk=link_id).first()
    if found is None:
        raise NotFound("There is no such link.")
    source, target = held_pair(found.source_id, found.target_id)
    found.delete()
    for one, other in ((source, target), (target, source)):
        append(
            one, "unlinked", at=at, actor="agent", agent_id=agent_id, link=found.kind, to=other.uuid
        )
