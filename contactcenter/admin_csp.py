"""The Content-Security-Policy, a little wider under /admin/ and nowhere else.

The admin's theme is built on Alpine, which compiles the expressions in its attributes (that is
what `unsafe-eval` allows) and sets styles in attributes and one element without a nonce. Scripts
still come only from here, and inline ones still need the nonce of their answer.
"""

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_ADMIN = "/admin/"


class ContentSecurity(CSPMiddleware):
    """Takes the place of CSPMiddleware in the list."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 -- the library's signature
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(_ADMIN) and not report_only:
            parts.replace = {**admin_directives(), **(parts.replace or {})}
        return parts


def admin_directives() -> dict[str, Any]:
    """What differs under /admin/. A nonce for styles would switch `unsafe-inline` off again."""
    ours = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return {
        "script-src": [*ours["script-src"], "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
    }
