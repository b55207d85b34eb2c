"""JSON as PostgreSQL can keep it: a NUL or half a surrogate pair is a clear 400, never a 500."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from conversations.errors import TooLong
from conversations.words import has_unstorable

_STRANGERS_BYTES, _OUR_BYTES = 262_144, 8_388_608


class StrictJSONParser(BaseParser):
    """Reads only as much as its sender may say: a stranger a form, an agent also a catalogue."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        view = (parser_context or {}).get("view")
        # Doors that ask nobody who they are; at all others nothing is read before somebody has said so.
        is_open = view is None or not view.authentication_classes
        most = _STRANGERS_BYTES if is_open else _OUR_BYTES
        said = stream.read(most + 1)
        if len(said) > most:
            raise TooLong(f"A body has at most {most // 1024:,} KiB.")
        try:
            content = json.loads(said.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not valid JSON in UTF-8.") from error
        if has_unstorable(content):
            raise ParseError("A NUL byte or half a character can't be stored.")
        return content


def _refuse(name: str) -> None:
    raise ValueError(name)
