"""A refusal carries a code for programs and a sentence for people."""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class Refused(Exception):
    """Something that a rule of the house does not allow."""

    code: ClassVar[str] = "not_allowed"
    http_status: ClassVar[int] = 409

    def __init__(
        self,
        detail: str = "",
        *,
        retry_after: float | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(detail or "That is not possible.")
        self.retry_after = retry_after
        self.fields = dict(fields or {})

    @property
    def detail(self) -> str:
        return str(self)


class NotAllowed(Refused):
    code = "not_allowed"
    http_status = 403


class NotFound(Refused):
    """Absent and forbidden look alike."""

    code = "not_found"
    http_status = 404


class Closed(Refused):
    code = "closed"


class NotYourTurn(Refused):
    code = "not_your_turn"


class Sensitive(Refused):
    """A rule of the house holds these words back."""

    code = "sensitive"


class CannotMove(Refused):
    code = "cannot_move"


class CannotMerge(Refused):
    """These two conversations can't become one."""

    code = "cannot_merge"


class Merged(Refused):
    """It goes on in another conversation; a customer's page connects again and is there."""

    code = "merged"


class Missing(Refused):
    """Something has to be filled in first; `fields` says what."""

    code = "missing"


class Taken(Refused):
    """Something of this name, or between these two, is there already."""

    code = "taken"


class TooLong(Refused):
    code = "too_long"
    http_status = 400


class BadWords(Refused):
    """The words of a frame or a field are not what the protocol says."""

    code = "bad_frame"
    http_status = 400


class WrongFields(Refused):
    """Some values can't be taken; `fields` says which, and why."""

    code = "invalid"
    http_status = 400


class RateLimited(Refused):
    code = "rate_limited"
    http_status = 429


class Unreachable(Refused):
    """The database did not answer in time; nothing was stored, send it again."""

    code = "internal"
    http_status = 503
