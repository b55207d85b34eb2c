"""Procedures and connections are kept, tested, published: the only place that writes their rows."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bots.actions.procedures.testing import Report, Switches, run_tests
from bots.models import Connection, Procedure, ProcedureVersion
from bots.procedures.loading import BadFile, Mistake
from bots.procedures.reading import read
from bots.procedures.shapes import Procedure as Shape
from bots.procedures.stories import read_tests
from inboxes.models import Inbox

TESTED_WITH = Switches(customers=20)


class NotPassed(ValueError):
    """Its tests have to pass first, or somebody has to say why it goes live without."""


def check(text: str, tests: str = "") -> Shape:
    """The procedure in a file. Raises BadFile with every mistake; those of the test file say so."""
    shape = read(text)
    if tests.strip():
        try:
            read_tests(tests, shape)
        except BadFile as problem:
            raise BadFile(
                [Mistake(one.line, f"In the test file: {one.sentence}") for one in problem.mistakes]
            ) from problem
    return shape


@transaction.atomic
def save_draft(
    *, text: str, tests: str, by_id: int | None = None, procedure: Procedure | None = None
) -> ProcedureVersion:
    """Keeps a text as the draft of its procedure, a new one or the one there is. Raises BadFile.

    The file's own key says whose it is; with `procedure` it must be that one's.
    """
    shape = check(text, tests)
    if procedure is not None and shape.key != procedure.key:
        line = text[: max(text.find("procedure:"), 0)].count("\n") + 1
        raise BadFile([Mistake(line, f"This file is of “{shape.key}”, not of “{procedure.key}”.")])
    held, _ = Procedure.objects.select_for_update().get_or_create(
        key=shape.key, defaults=_told(shape)
    )
    draft = held.versions.filter(state=ProcedureVersion.State.DRAFT).first()
    if draft is None:
        last = held.versions.aggregate(last=Max("number"))["last"] or 0
        draft = ProcedureVersion(procedure=held, number=last + 1)
    if (draft.text, draft.tests) != (text, tests):
        draft.result = draft.tested_at = draft.openings = None
    draft.text, draft.tests, draft.by_id = text, tests, by_id
    draft.save()
    return draft


def _told(shape: Shape) -> dict[str, str]:
    return {
        "name": shape.name.of("en")[:120],
        "description": shape.description.of("en")[:400],
    }


def run_tests_of(
    version: ProcedureVersion, *, at: datetime, switches: Switches = TESTED_WITH
) -> Report | None:
    """Plays its tests and attaches what came of them. None where it has none. Raises BadFile."""
    shape = read(version.text)
    if not version.tests.strip():
        return None
    report = run_tests(
        shape, read_tests(version.tests, shape), switches, today=at.date(), step=lambda _: None
    )
    ProcedureVersion.objects.filter(pk=version.pk, text=version.text, tests=version.tests).update(
        result=report.as_json(), tested_at=at
    )
    version.result, version.tested_at = report.as_json(), at
    return report


@transaction.atomic
def publish(
    version: ProcedureVersion, *, at: datetime, override: str = "", by_id: int | None = None
) -> None:
    """Makes a draft the live one; what was live is archived, and whoever is in it finishes it there.

    Raises BadFile, or NotPassed unless its tests passed or there is a reason to `override`.
    """
    shape = check(version.text, version.tests)
    held = Procedure.objects.select_for_update().get(pk=version.procedure_id)
    version.refresh_from_db()
    if version.state == ProcedureVersion.State.LIVE:
        return
    if version.passed is not True and not override.strip():
        raise NotPassed(_why_not(version))
    held.versions.filter(state=ProcedureVersion.State.LIVE).update(
        state=ProcedureVersion.State.ARCHIVED
    )
    version.state, version.published_at = ProcedureVersion.State.LIVE, at
    version.override = "" if version.passed else override.strip()[:400]
    version.by_id = by_id or version.by_id
    version.save()
    Procedure.objects.filter(pk=held.pk).update(**_told(shape), updated_at=at)


def _why_not(version: ProcedureVersion) -> str:
    if not version.tests.strip():
        return "It has no tests: write some, or say why it goes live without."
    if version.result is None:
        return "Its tests have not been run since it was changed."
    return "Its tests have failed: mend it, or say why it goes live all the same."


@transaction.atomic
def restore(version: ProcedureVersion, *, by_id: int | None = None) -> ProcedureVersion:
    """The words of an older version as a draft once more. Raises BadFile."""
    return save_draft(
        text=version.text, tests=version.tests, by_id=by_id, procedure=version.procedure
    )


@transaction.atomic
def ensure_procedure(
    text: str, tests: str = "", *, at: datetime, inbox: Inbox | None = None
) -> bool:
    """Keeps and publishes a procedure that comes with the house, after its tests: one that is not there yet,
    or instead of the one that an older house brought and nobody has touched. False: what was there stays.
    Raises BadFile, NotPassed."""
    shape = check(text, tests)
    held = Procedure.objects.select_for_update().filter(key=shape.key).first()
    if held is not None and not _may_replace(held, text, tests):
        return False
    draft = save_draft(text=text, tests=tests)
    if inbox is not None and held is None:
        Procedure.objects.filter(pk=draft.procedure_id).update(inbox=inbox)
    if tests.strip():
        run_tests_of(draft, at=at, switches=Switches(customers=3))
    draft.is_seeded = True
    draft.save(update_fields=["is_seeded"])
    publish(draft, at=at, override="" if tests.strip() else "It came with the demo.")
    return True


def _may_replace(held: Procedure, text: str, tests: str) -> bool:
    """Its newest version is ours and live, and is another one than this."""
    newest = held.versions.order_by("-number").first()
    if newest is None or not newest.is_seeded or newest.state != ProcedureVersion.State.LIVE:
        return False
    return (newest.text, newest.tests) != (text, tests)


def ensure_connection(key: str, base_url: str, secret: str = "", *, own: bool = False) -> bool:
    """A connection that is let in by a bearer token, if there is none of that name. False: there was."""
    if Connection.objects.filter(key=key).exists():
        return False
    auth = Connection.Auth.BEARER if secret else Connection.Auth.NONE
    made = Connection(key=key, base_url=base_url, auth=auth, is_own=own)
    made.set_secret(secret)
    try:
        made.full_clean(exclude=["secret"])
    except ValidationError as problem:
        raise ValueError("; ".join(problem.messages)) from problem
    made.save()
    return True
