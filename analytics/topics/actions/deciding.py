"""What people do with topics: name, pin and merge them. Nothing found by itself takes that back."""

from __future__ import annotations

from django.db import transaction

from analytics.topics.actions.sort import recount
from analytics.topics.models import About, Topic
from conversations.errors import Refused


class CannotMerge(Refused):
    """A topic with itself, or one that was merged before."""

    code = "cannot_merge"


@transaction.atomic
def merge(*, topics: list[Topic], into: Topic, by_id: int | None) -> Topic:
    """All conversations of `topics` are about `into` from now on, and so is what comes near any of them.
    Raises CannotMerge."""
    keys = {one.pk for one in topics} - {into.pk}
    held = {
        one.pk: one for one in Topic.objects.select_for_update().filter(pk__in=keys | {into.pk})
    }
    target = held[into.pk]
    if not keys or target.merged_into_id is not None:
        raise CannotMerge("Choose two topics or more that are not merged yet.")
    if len({one.encoder for one in held.values()}) > 1:
        raise CannotMerge("They were found by different encoders and can't be compared.")
    About.objects.filter(topic__in=keys).update(topic=target)
    Topic.objects.filter(merged_into__in=keys).update(merged_into=target)
    Topic.objects.filter(pk__in=keys).update(
        merged_into=target, is_pinned=False, size=0, changed_by_id=by_id
    )
    recount([target.pk])
    target.refresh_from_db()
    return target
