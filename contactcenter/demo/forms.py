"""What a customer types to find an order."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator, RegexValidator

from contactcenter.demo.words import TEXTS


class OrderLookup(forms.Form):
    """Number and e-mail address; what is wrong is said in the page's language."""

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = TEXTS[language]
        number = RegexValidator(r"^[Ff][Ww]-[0-9]{5}$", words["order_malformed"])
        address = EmailValidator(words["email_malformed"])
        self.fields["number"] = _line(words["order_malformed"], number)
        self.fields["email"] = _line(words["email_malformed"], address)


def _line(message: str, validator: RegexValidator) -> forms.CharField:
    field = forms.CharField(validators=[validator])
    field.error_messages |= {"required": message}
    return field
