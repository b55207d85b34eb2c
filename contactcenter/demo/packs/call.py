"""What a program asked of a demo business, looked at value by value."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class Refusal(Exception):
    """Why a business does not do it: a code for programs, a sentence for people."""

    def __init__(
        self, code: str, detail: str, *, status: int = 409, fields: dict[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.status = status
        self.fields = fields or {}

    @property
    def answer(self) -> dict[str, Any]:
        return {"code": self.code, "detail": self.detail, "fields": self.fields}


@dataclass(frozen=True)
class Call:
    """One request. What is missing or wrong is refused with 400 and the name of the field."""

    values: dict[str, Any]
    at: datetime

    def text(self, name: str, *, most: int = 200) -> str:
        value = self.optional(name, most=most)
        return value or self._wrong(name, "is missing")

    def optional(self, name: str, *, most: int = 200) -> str:
        """Empty where it was not given."""
        value = self.values.get(name, "")
        if value is None:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return self._wrong(name, "must be a text")
        said = " ".join(value.replace("\0", "").split())
        return said if len(said) <= most else self._wrong(name, f"has at most {most} characters")

    def whole(self, name: str, least: int, most: int) -> int:
        said = self.text(name, most=20)
        if not re.fullmatch(r"-?\d{1,12}", said) or not least <= int(said) <= most:
            self._wrong(name, f"must be a whole number from {least} to {most}")
        return int(said)

    def money(self, name: str) -> Decimal:
        """An amount that is not negative, to the cent."""
        said = self.text(name, most=20)
        if not re.fullmatch(r"\d{1,7}(\.\d{1,4})?", said):
            self._wrong(name, "must be an amount such as 129.50")
        return Decimal(said).quantize(Decimal("0.01"))

    def email(self, name: str) -> str:
        """In lower case."""
        said = self.text(name, most=254).lower()
        return (
            said
            if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", said)
            else self._wrong(name, "must be an address such as mia@example.com")
        )

    def day(self, name: str) -> date:
        said = self.text(name, most=20)
        try:
            return date.fromisoformat(said if _DAY.match(said) else "")
        except ValueError:
            return date.fromisoformat(self._wrong(name, "must be a day such as 2026-05-17"))

    def clock(self, name: str) -> time:
        said = self.text(name, most=5)
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", said):
            self._wrong(name, "must be a time such as 18:30")
        return time.fromisoformat(said)

    def choice(self, name: str, known: Collection[str]) -> str:
        said = self.text(name, most=80)
        return said if said in known else self._wrong(name, f"is one of {', '.join(sorted(known))}")

    def yes(self, name: str) -> bool:
        """True only for a plain yes of a program or a form."""
        return self.values.get(name) in (True, "true", "yes", "1", 1)

    def _wrong(self, name: str, why: str) -> str:
        raise Refusal("invalid", f"{name} {why}.", status=400, fields={name: why})
