"""What counts as personal data here, and what one find of it is."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """The word that stands in a placeholder."""

    CARD = "CARD"
    IBAN = "IBAN"
    ACCOUNT = "ACCOUNT"  # of a bank, or a bank's own number
    IDENTITY = "ID"  # national numbers, passports, licences, tax numbers of people
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    LINK = "LINK"  # a whole address: what follows the host may name a person or open a door
    IP = "IP"
    BIRTH = "BIRTHDATE"
    SECRET = "SECRET"  # noqa: S105 - passwords, PINs, codes, keys
    LITERAL = "TEXT"  # somebody wrote what looks like a placeholder of ours


class Proof(IntEnum):
    """Why it was taken for that; where two finds overlap, the smaller one wins."""

    CHECKED = 0  # a check digit, or a form that nothing else has
    SAID = 1  # a word beside it says so
    LOOKS = 2  # it only looks like it


@dataclass(frozen=True, slots=True)
class Find:
    """`text[start:end]` is personal data."""

    kind: Kind
    start: int
    end: int
    proof: Proof = Proof.CHECKED

    @property
    def length(self) -> int:
        return self.end - self.start
