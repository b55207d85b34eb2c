"""Readers say whether an article helped them."""

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from bots.models import Readership, Version, Vote
from bots.models.article import open_to
from conversations.errors import NotAllowed, NotFound

_SALT = "bots.votes"
_PROOF_DAYS = 2


class NothingToVoteOn(NotFound):
    """The text is not what is live, or not for this reader."""


def voter_by_address(address: str, agent: str) -> str:
    """A visitor without a session: told apart by address and browser, which are not kept."""
    return _hashed(f"address\n{address}\n{agent[:400]}")


def voter_by_customer(customer: UUID) -> str:
    return _hashed(f"customer\n{customer}")


def _hashed(said: str) -> str:
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()


def proof(voter: str) -> str:
    """For a form: only this visitor can send it, and no other site can make them."""
    return signing.dumps(voter[:16], salt=_SALT)


def check_proof(given: str, *, voter: str) -> None:
    """Raises NotAllowed."""
    try:
        meant = signing.loads(given, salt=_SALT, max_age=_PROOF_DAYS * 24 * 3600)
    except signing.BadSignature:
        meant = ""
    if not isinstance(meant, str) or not constant_time_compare(meant, voter[:16]):
        raise NotAllowed("This page is too old. Open the article again.")


def vote(
    *, article: UUID, number: int, reader: Readership, voter: str, helpful: bool, at: datetime
) -> None:
    """One vote of this visitor for this version; voting again changes it. Raises Refused."""
    version = (
        Version.objects.filter(
            article__uuid=article,
            article__state="published",
            number=number,
        )
        .filter(open_to(reader, of="article__"))
        .first()
    )
    if version is None:
        raise NothingToVoteOn("There is no such article.")
    Vote.objects.update_or_create(
        version=version, voter=voter, defaults={"helpful": helpful, "at": at}
    )


def vote_of(*, article_id: int, number: int, voter: str) -> bool | None:
    """What this visitor said of this version; None: nothing yet."""
    return (
        Vote.objects.filter(version__article_id=article_id, version__number=number, voter=voter)
        .values_list("helpful", flat=True)
        .first()
    )
