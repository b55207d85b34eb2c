"""What lies in books of a business beside our own tables, and belongs to a customer all the same."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from agents.reads.customer_data import Found


class Books(Protocol):
    """A business whose books are kept in this house, and who knows which rows in them are a customer's."""

    def found(self, customer_id: int) -> Found:
        """The keys of the rows that hold something about them: only what is certainly theirs, since a
        stranger may have typed another customer's address. Asked inside a transaction."""

    def make_anonymous(self, customer_id: int) -> None:
        """Nothing in those rows says any more who it was; what never said anything else is deleted.
        Runs in the transaction in which the customer goes, before they do. Doing it twice changes nothing."""

    @property
    def secrets(self) -> Collection[str]:
        """Names of columns that are not given out: digests of codes."""


_books: list[Books] = []


def keep_books(books: Books) -> None:
    """Called once by each business, when the apps are ready."""
    if books not in _books:
        _books.append(books)


def books_found(customer_id: int) -> Found:
    """Of all businesses."""
    found: Found = {}
    for books in _books:
        for model, keys in books.found(customer_id).items():
            found.setdefault(model, set()).update(keys)
    return found


def make_anonymous(customer_id: int) -> None:
    for books in _books:
        books.make_anonymous(customer_id)


def secrets() -> frozenset[str]:
    return frozenset(name for books in _books for name in books.secrets)
