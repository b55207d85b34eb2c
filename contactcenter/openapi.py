"""How the API describes itself: names that tell two shapes apart, and how one signs in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """A shape that belongs to one door (`MergeApi.Input`) is named after that door too."""

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        name = str(super().get_serializer_name(serializer, direction))
        outer, _, inner = type(serializer).__qualname__.rpartition(".")
        if not outer or "<locals>" in outer or name != inner:
            return name
        return outer.removesuffix("Api") + inner


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A person's token, as `auth/token` gives it out."""

    target_class = "agents.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> Any:
        return {"type": "http", "scheme": "bearer"}
