"""Files come in, are read by a task, are looked at by a person, and only then become articles."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from bots.knowledge.text import language_of
from bots.models import Article, Import, SourceArticle, SourceFile
from bots.sources.archive import ALL_LIMIT, FILES_LIMIT, Packed, safe_name, unpacked
from bots.sources.kinds import FILE_LIMIT, Kind, Unreadable, kind_of
from bots.sources.reading import Reader
from bots.sources.rows import BadLine, Row
from bots.sources.rows import read as read_rows
from bots.sources.split import Piece, pieces
from conversations.errors import NotFound, Refused, WrongFields

UPLOADS_LIMIT = 20  # files that are sent together; a ZIP is one
ARTICLES_LIMIT = 1_000  # of one import; the command takes any number
ATTEMPTS = 3
STALE = timedelta(seconds=150)  # without a sign of life: longer than one file may take
KEPT = timedelta(days=14)  # an import that nobody confirmed


class NotReady(Refused):
    """It is being read, or it was stored before."""

    code = "not_ready"


@dataclass(frozen=True)
class Options:
    """What holds for all articles of an import; what a file says of itself goes before "" here."""

    split: str = Import.Split.HEADINGS
    category: str = ""
    language: str = ""
    visibility: str = "public"


# --- 1. files come in ---------------------------------------------------------------------


def begin_import(
    files: Sequence[tuple[str, bytes]], *, options: Options, by_id: int | None, at: datetime
) -> Import:
    """Keeps the files for the task that reads them. Raises WrongFields; then nothing is kept."""
    _check(files)
    with transaction.atomic():
        batch = Import.objects.create(
            split=options.split,
            category=options.category,
            language=options.language,
            visibility=options.visibility,
            touched_at=at,
            created_at=at,
            created_by_id=by_id,
        )
        folder = folder_of(batch)
        folder.mkdir(parents=True)
        for position, (name, content) in enumerate(files):
            _keep(batch, position, safe_name(name.replace("\\", "/").rsplit("/", 1)[-1]), content)
    return batch


def _check(files: Sequence[tuple[str, bytes]]) -> None:
    problem = ""
    if not files:
        problem = "Choose at least one file."
    elif len(files) > UPLOADS_LIMIT:
        problem = f"At most {UPLOADS_LIMIT} files together; a ZIP may hold {FILES_LIMIT}."
    elif any(len(content) > FILE_LIMIT for _, content in files):
        problem = f"A file has at most {FILE_LIMIT // 1024**2} MB."
    elif sum(len(content) for _, content in files) > ALL_LIMIT:
        problem = f"Together they have at most {ALL_LIMIT // 1024**2} MB."
    if problem:
        raise WrongFields(problem, fields={"file": [problem]})


def folder_of(batch: Import) -> Path:
    folder: Path = settings.MEDIA_ROOT / "imports" / batch.uuid.hex
    return folder


def _path(file: SourceFile, folder: Path) -> Path:
    """Its suffix says how a table is read; the rest of a stranger's name is no path of ours."""
    return folder / f"{file.position}{Path(file.name).suffix.casefold()[:8]}"


def _keep(batch: Import, position: int, name: str, content: bytes, problem: str = "") -> SourceFile:
    file = SourceFile.objects.create(
        batch=batch,
        position=position,
        name=name,
        size=len(content),
        problem=problem,
        is_read=bool(problem),
    )
    if not problem:
        _path(file, folder_of(batch)).write_bytes(content)
    return file


# --- 2. a task reads them -----------------------------------------------------------------


def read_import(*, import_id: int, clock: Callable[[], datetime]) -> None:
    """Each file in a transaction of its own: killed in between, the next attempt goes on there."""
    batch = _claimed(import_id, clock())
    if batch is None:
        return
    with Reader() as reader:
        while file := batch.files.filter(is_read=False).order_by("position").first():
            _read_one(batch, file, reader)
            if not Import.objects.filter(pk=batch.pk).update(touched_at=clock()):
                return  # discarded meanwhile
    found = batch.articles.exists()
    state = Import.State.READY if found else Import.State.FAILED
    Import.objects.filter(pk=batch.pk, state=Import.State.READING).update(state=state)
    shutil.rmtree(folder_of(batch), ignore_errors=True)


@transaction.atomic
def _claimed(import_id: int, at: datetime) -> Import | None:
    """Nobody else reads it, or whoever did is gone."""
    batch = Import.objects.select_for_update().filter(pk=import_id, state="reading").first()
    if batch is None or (batch.attempts and at - batch.touched_at < STALE):
        return None
    batch.attempts += 1
    batch.touched_at = at
    batch.save(update_fields=["attempts", "touched_at"])
    if batch.attempts > ATTEMPTS:
        # Whatever it holds has ended the worker so often; the others have their articles.
        worst = batch.files.filter(is_read=False).order_by("position").first()
        if worst is not None:
            worst.problem, worst.is_read = "It can't be read.", True
            worst.save(update_fields=["problem", "is_read"])
    return batch


def _read_one(batch: Import, file: SourceFile, reader: Reader) -> None:
    path = _path(file, folder_of(batch))
    found: list[Piece | Row | Packed] = []
    problem = ""
    try:
        found = _read(batch, file, path, reader)
    except Unreadable as why:
        problem = str(why)
    except OSError:
        problem = "The file is not there any more; send it again."
    with transaction.atomic():
        if not Import.objects.select_for_update().filter(pk=batch.pk).exists():
            return
        packed = [one for one in found if isinstance(one, Packed)]
        _keep_packed(batch, file, packed)
        rows = [one for one in found if not isinstance(one, Packed)]
        left = _put(batch, file, rows)
        problem = problem or left
        file.problem, file.is_read = problem[:300], True
        file.save(update_fields=["problem", "is_read"])


def _read(
    batch: Import, file: SourceFile, path: Path, reader: Reader
) -> list[Piece | Row | Packed]:
    content = path.read_bytes()
    kind = kind_of(file.name, content)
    if kind is Kind.ZIP:
        return [*unpacked(content)]
    if kind in {Kind.CSV, Kind.LINES}:
        return [*_rows(path)]
    document = reader.read(path, kind)
    whole = batch.split == Import.Split.WHOLE
    return [*pieces(document, name=file.name, whole=whole)]


def _rows(path: Path) -> list[Row]:
    """Of a table of which a part is wrong nothing is taken: who sent it mends it and sends it again."""
    rows: list[Row] = []
    bad: list[BadLine] = []
    for line in read_rows(path):
        if isinstance(line, BadLine):
            bad.append(line)
        else:
            rows.append(line)
        if len(rows) > ARTICLES_LIMIT:
            raise Unreadable(
                f"It has more than {ARTICLES_LIMIT:,} lines; import it by the command."
            )
    if bad:
        more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        raise Unreadable(f"Line {bad[0].line}: {bad[0].error}{more}.")
    if not rows:
        raise Unreadable("It has no articles.")
    return rows


def _keep_packed(batch: Import, file: SourceFile, found: Sequence[Packed]) -> None:
    """What was in a ZIP are files like the others, to be read next."""
    last: int = batch.files.aggregate(last=Max("position"))["last"] or 0
    for position, one in enumerate(found, last + 1):
        _keep(batch, position, f"{file.name}/{one.name}"[-200:], one.content, one.problem)


def _put(batch: Import, file: SourceFile, found: Sequence[Piece | Row]) -> str:
    """What of it has no place, in a sentence."""
    place: int = (batch.articles.aggregate(last=Max("position"))["last"] or 0) + 1
    if place + len(found) > ARTICLES_LIMIT + 1:
        return f"One import has at most {ARTICLES_LIMIT:,} articles; import this file by itself."
    taken = set(batch.articles.values_list("key", flat=True))
    made = [_article(batch, file, one) for one in found]
    fresh = [one for one in made if one.key not in taken]
    known = dict(
        Article.objects.filter(external_id__in=[one.key for one in fresh]).values_list(
            "external_id", "pk"
        )
    )
    for position, one in enumerate(fresh, place):
        one.position, one.article_id = position, known.get(one.key)
    SourceArticle.objects.bulk_create(fresh)
    doubled = len(made) - len(fresh)
    return f"{doubled} of it came in another file before." if doubled else ""


def _article(batch: Import, file: SourceFile, one: Piece | Row) -> SourceArticle:
    said = f"{one.title} {one.body[:2_000]}"
    is_row = isinstance(one, Row)
    return SourceArticle(
        batch=batch,
        file=file,
        key=one.id if isinstance(one, Row) else one.key,
        title=one.title,
        body=one.body,
        questions=one.questions if isinstance(one, Row) else [],
        # What the sender says; what the file says is often the program's language, not the text's.
        language=batch.language or (one.language if is_row else "") or _found(said, one.language),
        category=batch.category or one.category,
        translation_of=one.translation_of if isinstance(one, Row) else "",
        problem="" if isinstance(one, Row) else one.problem,
        is_chosen=isinstance(one, Row) or not one.problem,
    )


def _found(said: str, declared: str) -> str:
    found = language_of(said, otherwise=declared[:2] or "en")
    return declared if declared.casefold().startswith(found) else found


# --- 3. a person looks at them ------------------------------------------------------------

FIELDS = ("is_chosen", "title", "body", "questions", "language", "category")


def change_articles(batch: UUID, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """New values by position, for some of `FIELDS`. Raises NotFound, NotReady."""
    with transaction.atomic():
        held = held_import(batch)
        known = {one.position: one for one in held.articles.filter(position__in=changes)}
        if set(known) != set(changes):
            raise NotFound("There is no such article in this import.")
        for position, values in changes.items():
            for name, value in values.items():
                setattr(known[position], name, value)
        SourceArticle.objects.bulk_update(known.values(), FIELDS)


def choose_all(batch: UUID, *, chosen: bool) -> None:
    with transaction.atomic():
        held_import(batch).articles.update(is_chosen=chosen)


def discard_import(batch: UUID) -> None:
    """It is gone; articles that were made of it stay. Raises NotFound."""
    with transaction.atomic():
        found = Import.objects.select_for_update().filter(uuid=batch).first()
        if found is None:
            raise NotFound("There is no such import.")
        folder = folder_of(found)
        found.delete()
    shutil.rmtree(folder, ignore_errors=True)


def held_import(batch: UUID) -> Import:
    found = Import.objects.select_for_update().filter(uuid=batch).first()
    if found is None:
        raise NotFound("There is no such import.")
    if found.state != Import.State.READY:
        raise NotReady("It is not ready: " + found.get_state_display().lower() + ".")
    return found


# --- what the clock tidies ----------------------------------------------------------------


def tidy_imports(*, at: datetime) -> Iterator[int]:
    """Forgets what nobody confirmed in time; the ids of those whose reader died or never began."""
    for old in Import.objects.exclude(state="stored").filter(created_at__lt=at - KEPT):
        discard_import(old.uuid)
    waiting = Import.objects.filter(state="reading", touched_at__lt=at - timedelta(seconds=20))
    lost = waiting.filter(attempts=0) | Import.objects.filter(
        state="reading", touched_at__lt=at - STALE
    )
    yield from lost.order_by("pk").values_list("pk", flat=True)[:20]


def progress_of(batch: Import) -> tuple[int, int]:
    """Files read, and all of them as far as known."""
    files = list(batch.files.values_list("is_read", flat=True))
    return sum(files), len(files)


def counts_of(batch: Import) -> dict[str, int]:
    found = batch.articles.all()
    chosen = found.filter(is_chosen=True)
    return {
        "found": found.count(),
        "chosen": chosen.count(),
        "new": chosen.filter(article=None).count(),
        "known": chosen.filter(article__isnull=False).count(),
    }
