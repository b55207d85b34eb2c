"""One round of learning from the log: everything that waits is read, put together, and explained."""

from datetime import datetime

from bots.actions.gap_reasons import explain_new
from bots.actions.gaps import count, mark_solved, sort_new
from bots.actions.learn import encode_new, read_new
from bots.actions.neighbours import compare_new
from bots.actions.pairs import learn_new
from bots.actions.searched import sort_searches
from bots.knowledge.vectors import Encoders


def learn_everything(*, encoders: Encoders, at: datetime) -> None:
    """Being killed in between costs nothing: the next round goes on there."""
    read_new(at=at)
    encode_new(encoders=encoders)
    while sort_new():
        pass
    while sort_searches(encoders=encoders, at=at):
        pass
    count(at=at)
    mark_solved(at=at)
    while compare_new(at=at):
        pass
    explain_new(encoders=encoders, at=at)
    learn_new(at=at)
