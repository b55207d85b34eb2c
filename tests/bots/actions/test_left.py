"""A worker that starts picks up what its dead predecessor had begun."""

from datetime import datetime, timedelta

import pytest

from bots.actions.left import left_by_the_dead
from bots.actions.turn import begin_turn
from contactcenter.warm import answers_alone
from conversations.actions.post import store
from conversations.models import Conversation
from tests import make

SECOND = timedelta(seconds=1)


@pytest.mark.integration
@pytest.mark.django_db(transaction=True)
def test_only_what_was_begun_before_is_due_at_once(at: datetime) -> None:
    begun, queued, alive, answered = (make.conversation(at=at) for _ in range(4))
    for one in (begun, queued, alive):
        store([make.draft(one, "How long can I return a jacket?", at=at)])
    begin_turn(conversation_id=begun.pk, at=at + SECOND)
    since = at + 3 * SECOND
    begin_turn(conversation_id=alive.pk, at=since + SECOND)
    due = dict(Conversation.objects.values_list("pk", "due_at"))

    assert left_by_the_dead(since=since, at=since + SECOND) == 1
    assert left_by_the_dead(since=since, at=since + SECOND) == 0

    now = dict(Conversation.objects.values_list("pk", "due_at"))
    assert now == due | {begun.pk: since + SECOND}
    assert due[answered.pk] is None


@pytest.mark.unit
def test_a_worker_knows_whether_another_one_answers() -> None:
    ours = {"model@a": [{"name": "model"}], "default@a": [{"name": "default"}]}

    assert answers_alone(ours, "model@a")
    assert not answers_alone(ours | {"model@b": [{"name": "model"}]}, "model@a")
