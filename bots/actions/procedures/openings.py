"""Whether the first words of a draft's simulated customers would begin it, beside everything that is live."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bots.actions.procedures.candidates import Here, live_here
from bots.actions.procedures.selecting import beside
from bots.models import ProcedureVersion
from bots.procedures.customers import openings
from bots.procedures.loading import BadFile
from bots.procedures.reading import read
from bots.procedures.shapes import Procedure
from bots.procedures.stories import read_tests
from inboxes.models import Inbox

_MOST = 200  # first words of one file


def look_at_openings(version_id: int, *, at: datetime) -> int:
    """Notes at a draft which first words would not begin it, and what they would begin; how many these are.

    What is live meanwhile, or was changed while we looked, is left as it is.
    """
    version = (
        ProcedureVersion.objects.select_related("procedure__inbox")
        .filter(pk=version_id, state=ProcedureVersion.State.DRAFT)
        .exclude(tests="")
        .first()
    )
    if version is None:
        return 0
    try:
        shape = read(version.text)
        goals = read_tests(version.tests, shape).goals
    except BadFile:
        return 0
    said = dict.fromkeys(pair for goal in goals for pair in openings(shape, goal, today=at.date()))
    missed = _missed(version, shape, list(said)[:_MOST], at=at)
    ProcedureVersion.objects.filter(pk=version.pk, text=version.text, tests=version.tests).update(
        openings={"said": min(len(said), _MOST), "missed": missed}
    )
    return len(missed)


def _missed(
    version: ProcedureVersion, shape: Procedure, said: Iterable[tuple[str, str]], *, at: datetime
) -> list[dict[str, str]]:
    found = []
    here = _place(version, shape)
    deciders = {}
    for code, text in said:
        if code not in deciders:
            live = live_here(here, at=at, language=code)
            others = [one for one in live if one.procedure.key != shape.key]
            deciders[code] = beside(version, shape, others)
        match = deciders[code](text)
        if match is None:
            instead = "nothing"
        elif match.others:
            instead = "a question which is meant"
        elif not match.is_sure:
            instead = "an offer beside the articles"
        elif match.candidate.pk != version.pk:
            instead = match.candidate.procedure.name.of("en")
        else:
            continue
        found.append({"language": code, "said": text, "instead": instead})
    return found


def _place(version: ProcedureVersion, shape: Procedure) -> Here:
    """The inbox it is bound to, else the first that it names, else any."""
    inbox = version.procedure.inbox
    if inbox is None:
        named = Inbox.objects.order_by("pk")
        inbox = named.filter(key__in=shape.when.inboxes).first() or named.first()
    mine = frozenset(name.casefold() for name in shape.when.audiences)
    if inbox is None:
        return Here(0, "", "web", audiences=mine)
    return Here(inbox.pk, inbox.key, inbox.kind, audiences=mine)
