"""Where actions go: the address of a business's own interface, and how to be let in."""

import os
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from bots.privacy.sealing import BadSeal, opened, sealed
from inboxes.fetch import is_outside

ENVIRONMENT = "env:CONNECTION_"
"""What a secret begins with that stands in the environment; no other variable can be named."""


def check_base(url: str) -> None:
    """Of a business's own server, or the way to a page of this one: /demo/banking/api."""
    try:
        parts = urlsplit(url)
    except ValueError as problem:  # brackets without an address in them
        raise ValidationError("Give an address such as https://api.shop.example/v1.") from problem
    if url.startswith("/") and not url.startswith("//") and not (parts.query or parts.fragment):
        return
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValidationError("Give an address such as https://api.shop.example/v1.")
    if parts.query or parts.fragment:
        raise ValidationError("The address has no ? and no #: actions have their own query.")


INSIDE = "This address is inside a private network: only this installation's own may be."


def leads_inside(url: str) -> bool:
    """Whether an address plainly is one of a private network, as far as that can be read off it."""
    if settings.WEBHOOKS_MAY_BE_PRIVATE or not url.startswith("http"):
        return False
    host = ""
    try:
        host = urlsplit(url).hostname or ""
        return not is_outside(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


ELSEWHERE = "This address is another server's: give the secret again, it would be told to that one."


def is_elsewhere(url: str, before: str) -> bool:
    """Whether a secret that was meant for one address would go to another server."""
    ours, theirs = urlsplit(url), urlsplit(before)
    return (ours.scheme, ours.netloc.lower()) != (theirs.scheme, theirs.netloc.lower())


class Connection(models.Model):
    """`secret` is kept sealed, or names a variable of the environment."""

    class Auth(models.TextChoices):
        NONE = "none", "None"
        BEARER = "bearer", "Bearer token"
        BASIC = "basic", "User name and password"
        HEADER = "header", "A header"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.CharField(
        "name",
        max_length=64,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9_-]{0,63}$", "Lower-case letters, digits, - and _.")
        ],
        help_text="What procedures call it.",
    )
    base_url = models.CharField(
        "address",
        max_length=400,
        validators=[check_base],
        help_text="Such as https://api.shop.example/v1. One that begins with / is a page of this "
        "installation, wherever it runs.",
    )
    auth = models.CharField("let in by", max_length=6, choices=Auth, default=Auth.NONE)
    user = models.CharField(
        "user or header", max_length=120, blank=True,
        help_text="The user name, or the name of the header.",
    )  # fmt: skip
    secret = models.TextField(blank=True, editable=False)
    is_own = models.BooleanField(
        "this installation's own",
        default=False,
        help_text="Only then may it lead to a private or loopback address.",
    )
    is_active = models.BooleanField("switched on", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(auth__in=["none", "bearer", "basic", "header"]),
                name="how_a_connection_is_let_in_is_known",
            ),
            models.CheckConstraint(
                condition=Q(auth__in=["none", "bearer"]) | ~Q(user=""),
                name="a_connection_with_a_user_names_it",
            ),
            models.CheckConstraint(
                condition=Q(is_own=True) | ~Q(base_url__startswith="/"),
                name="a_connection_to_our_own_pages_is_our_own",
                violation_error_code="own",
                violation_error_message="An address that begins with / is this installation's own: "
                "tick that as well.",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        """Where a name leads is known when it is looked up: with each call."""
        if not self.is_own and leads_inside(self.base_url):
            raise ValidationError({"base_url": INSIDE})

    def set_secret(self, secret: str) -> None:
        """Seals it; a reference to the environment stays readable."""
        plain = secret.strip()
        if plain.startswith("env:") and not plain.startswith(ENVIRONMENT):
            raise ValidationError("Only variables that begin with CONNECTION_ can be named.")
        if any(sign in plain for sign in "\r\n\0"):
            raise ValidationError("A secret is one line.")
        is_reference = plain.startswith(ENVIRONMENT)
        self.secret = plain if is_reference or not plain else sealed(plain, settings.SECRET_KEY)

    def open_secret(self) -> str:
        """Raises BadSeal when it cannot be read: another SECRET_KEY, or no such variable."""
        if self.secret.startswith(ENVIRONMENT):
            name = self.secret.removeprefix("env:")
            if name not in os.environ:
                raise BadSeal(f"The environment has no {name}.")
            return os.environ[name]
        return opened(self.secret, settings.SECRET_KEY) if self.secret else ""

    @property
    def address(self) -> str:
        """Where it leads, whole and without a / at the end."""
        way = self.base_url.rstrip("/")
        return f"{settings.OWN_URL}{way}" if way.startswith("/") else way

    @property
    def called_by(self) -> str:
        """The name under which our own pages answer; "" for all others."""
        return settings.OWN_NAME if self.base_url.startswith("/") else ""

    @property
    def secret_shown(self) -> str:
        """What people see of it."""
        if self.secret.startswith(ENVIRONMENT):
            return self.secret
        return "••••" if self.secret else ""
