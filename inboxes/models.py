"""The ways in: each inbox is one door to the outside, of one kind."""

import secrets
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def check_origins(origins: Any) -> None:
    """Each origin is `scheme://host[:port]`, as a browser says it."""
    if not isinstance(origins, list) or not all(isinstance(o, str) for o in origins):
        raise ValidationError("Give a list of origins, such as https://shop.example.")
    for origin in origins:
        parts = urlsplit(origin)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.netloc
            or origin != f"{parts.scheme}://{parts.netloc}"
        ):
            raise ValidationError(f"{origin!r} is not an origin, such as https://shop.example.")


class Inbox(models.Model):
    """One way in. Its key is public; its secret signs who a customer says they are."""

    class Kind(models.TextChoices):
        WEB = "web", "Web chat"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", "Lower-case letters, digits and -.")],
        help_text="What the widget's data-inbox names. Changing it breaks pages that use it.",
    )
    name = models.CharField(max_length=120, help_text="Customers see it at the top of the chat.")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.WEB)
    is_active = models.BooleanField(default=True, help_text="Switched off, it takes nothing new.")
    secret = models.CharField(
        max_length=128,
        default=new_secret,
        help_text="The identity secret: your site signs external_id with it (HMAC-SHA256, hex).",
    )
    identity_required = models.BooleanField(
        default=False, help_text="Only customers with a valid signature may write."
    )
    allowed_origins = models.JSONField(
        default=list,
        blank=True,
        validators=[check_origins],
        help_text='Sites that may show the widget, such as ["https://shop.example"]. '
        "This server itself always may.",
    )
    languages = models.JSONField(
        default=list, blank=True, help_text='Offered to customers, such as ["en", "zh"].'
    )
    appearance = models.JSONField(
        default=dict,
        blank=True,
        help_text='{"accent": "#2f6f4e", "position": "right", "logo": "", "texts": {"en": {…}}}',
    )
    bot_enabled = models.BooleanField(
        default=True, help_text="Off: every conversation goes straight to a person."
    )
    typing_preview = models.BooleanField(
        default=False,
        help_text="Agents see what a customer is writing before it is sent. It is never kept. "
        "Tell your customers about it: in many places you must.",
    )
    help_host = models.CharField(
        "help centre's own host",
        max_length=253,
        blank=True,
        validators=[
            RegexValidator(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", "Such as help.shop.example.")
        ],
        help_text="Such as help.shop.example: there the help centre shows this inbox's articles and "
        "chat. The name must lead to this server, and stand in ALLOWED_HOSTS.",
    )
    own_articles_only = models.BooleanField(
        "its own articles only",
        default=False,
        help_text="On: articles that belong to no inbox in particular are not used here. For houses "
        "with several businesses that must not answer for one another.",
    )
    reopen_days = models.PositiveSmallIntegerField(
        default=7, help_text="A resolved conversation goes on if the customer writes within these."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "inboxes"
        constraints = [
            models.UniqueConstraint(
                fields=["help_host"],
                name="a_host_is_of_one_inbox",
                condition=~models.Q(help_host=""),
                violation_error_message="Another inbox has this host.",
            )
        ]

    def __str__(self) -> str:
        return self.name
