"""The tables of a section as CSV: what the page shows, for a spreadsheet."""

import csv
from collections.abc import Iterator, Sequence

from django.http import Http404, HttpResponse

from analytics.sections.parts import Section

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(sections: Sequence[Section], slug: str) -> HttpResponse:
    """All tables of the section of this name, one below the other. A cell that a spreadsheet would take for
    a formula begins with an apostrophe. Raises Http404."""
    found = next((one for one in sections if one.slug == slug), None)
    if found is None:
        raise Http404
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.csv"'
    csv.writer(response).writerows(_lines(found))
    return response


def _lines(section: Section) -> Iterator[list[str]]:
    for table in section.tables:
        yield [_plain(table.caption)]
        yield [_plain(column) for column in table.columns]
        for row in table.rows:
            yield [_plain(cell.text) for cell in row]
        yield []


def _plain(text: str) -> str:
    said = text.replace("\u202f", " ")
    return f"'{said}" if said.startswith(_FORMULA) else said
