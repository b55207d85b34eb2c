"""The admin's sign-in: the same accounts and the same patience as everywhere else."""

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from agents.sign_in import DEVICE_COOKIE, check_attempt
from conversations.errors import RateLimited


class AdminSignIn(AuthenticationForm):
    """Asks for patience before the password is even looked at."""

    def clean(self) -> dict[str, Any]:
        try:
            check_attempt(
                username=self.cleaned_data.get("username", ""),
                address=self.request.META.get("REMOTE_ADDR", ""),
                device=self.request.COOKIES.get(DEVICE_COOKIE, ""),
            )
        except RateLimited as soon:
            raise ValidationError(
                "Too many attempts. Wait a minute, then try again.", code="rate_limited"
            ) from soon
        cleaned: dict[str, Any] = super().clean()
        return cleaned
