"""JSON as PostgreSQL can keep it: a NUL or half a surrogate pair is a clear 400, never a 500."""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from conversations.words import has_unstorable


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            text = codecs.getreader("utf-8")(stream).read()
            content = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not valid JSON in UTF-8.") from error
        if has_unstorable(content):
            raise ParseError("A NUL byte or half a character can't be stored.")
        return content


def _refuse(name: str) -> None:
    raise ValueError(name)
