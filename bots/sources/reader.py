"""Runs in a child with limits: a path a line comes in, what is in the file goes out as JSON.

A file that hangs or eats memory costs this process only (`bots.sources.reading`).
"""

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bots.sources.kinds import Document, Kind, Unreadable
from bots.sources.marked import read_markdown
from bots.sources.words import decoded

MEMORY = 1_500 * 1024 * 1024  # bytes of address space


def read(kind: Kind, content: bytes) -> Document:
    """Raises Unreadable."""
    if kind is Kind.PDF:
        from bots.sources.prints import read_pdf

        return read_pdf(content)
    if kind is Kind.DOCX:
        from bots.sources.office import read_docx

        return read_docx(content)
    if kind is Kind.HTML:
        from bots.sources.pages import read_html

        return read_html(decoded(content))
    return read_markdown(decoded(content))


def answer(line: str) -> dict[str, Any]:
    asked = json.loads(line)
    try:
        return asdict(read(Kind(asked["kind"]), Path(asked["path"]).read_bytes()))
    except Unreadable as problem:
        return {"error": str(problem)}
    except MemoryError:
        return {"error": "It takes too much memory to read."}
    except Exception as problem:  # noqa: BLE001 -- whatever a hostile file does to a library
        return {"error": "It can't be read.", "type": type(problem).__name__}


def main() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
