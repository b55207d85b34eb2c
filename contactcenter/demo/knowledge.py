"""The articles of a demo business, from a file of lines."""

import json
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management import call_command

from bots.models import Article
from inboxes.models import Inbox


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def add_articles(path: Path, *, inbox: Inbox | None = None) -> int:
    """By the same command that a company's own articles come in; an id that is known stays out.

    With an inbox the new ones belong to it alone. How many were new.
    """
    lines = list(lines_of(path))
    ids = [line["id"] for line in lines]
    known = set(Article.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    missing = [line for line in lines if line["id"] not in known]
    if not missing:
        return 0
    with NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in missing)
        file.flush()
        with suppress(SystemExit):  # somebody's own translation has the place of one of ours
            call_command("import_articles", file.name, stdout=StringIO())
    if inbox is not None:
        ours = Article.objects.filter(external_id__in=[line["id"] for line in missing])
        for article in ours:
            article.inboxes.set([inbox])
    return len(missing)
