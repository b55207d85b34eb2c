"""What a customer types to find an order."""

from typing import Any

from django import forms
from django.core.validators import (
    EmailValidator,
    MaxLengthValidator,
    ProhibitNullCharactersValidator,
    RegexValidator,
)

from contactcenter.demo.words import TEXTS


class OrderLookup(forms.Form):
    """Number and e-mail address; what is wrong is said in the page's language."""

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = TEXTS[language]
        number = RegexValidator(r"^[Ff][Ww]-[0-9]{5}$", words["order_malformed"])
        address = EmailValidator(words["email_malformed"])
        self.fields["number"] = _line(words["order_malformed"], number, most=16)
        self.fields["email"] = _line(words["email_malformed"], address, most=254)


def _line(
    message: str, validator: RegexValidator | EmailValidator, *, most: int
) -> forms.CharField:
    field = forms.CharField(max_length=most, validators=[validator])
    field.error_messages |= {"required": message}
    for check in field.validators:
        # Too long, or with a NUL byte: the same sentence helps. These belong to this field alone.
        if isinstance(check, MaxLengthValidator | ProhibitNullCharactersValidator):
            check.message = message
    return field
