#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db.utils import ProgrammingError

NO_TABLES = (
    "The database has not the tables of this version yet. script/server makes them when it starts; "
    "without it: script/manage migrate"
)
REFUSED = 2


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    try:
        execute_from_command_line(sys.argv)
    except ProgrammingError as problem:
        if type(problem.__cause__).__name__ not in {"UndefinedTable", "UndefinedColumn"}:
            raise
        sys.stderr.write(f"{NO_TABLES}\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
