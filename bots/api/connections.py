"""Where actions go, for programs."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers, viewsets

from bots.api.articles import MayEditArticles
from bots.models import Connection
from bots.models.connection import ELSEWHERE, INSIDE, check_base, is_elsewhere, leads_inside


class MayEditConnections(MayEditArticles):
    NEEDED = {
        method: needed.replace("_article", "_connection")
        for method, needed in MayEditArticles.NEEDED.items()
    }


class ConnectionShape(serializers.ModelSerializer[Connection]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    base_url = serializers.CharField(max_length=400, validators=[check_base])
    secret = serializers.CharField(
        max_length=2_000, required=False, allow_blank=True, write_only=True,
        help_text="Sealed when it is kept; env:CONNECTION_… names a variable of the environment.",
    )  # fmt: skip
    has_secret = serializers.SerializerMethodField()

    class Meta:
        model = Connection
        fields = [
            "id", "key", "base_url", "auth", "user", "secret", "has_secret", "is_own", "is_active",
        ]  # fmt: skip

    def get_has_secret(self, connection: Connection) -> bool:
        return bool(connection.secret)

    def validate_secret(self, secret: str) -> str:
        try:
            Connection().set_secret(secret)
        except ValidationError as problem:
            raise serializers.ValidationError(problem.messages) from problem
        return secret

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        auth = attrs.get("auth", self.instance.auth if self.instance else "none")
        user = attrs.get("user", self.instance.user if self.instance else "")
        if auth in {"basic", "header"} and not user:
            raise serializers.ValidationError({"user": ["Name the user, or the header."]})
        way = attrs.get("base_url", self.instance.base_url if self.instance else "")
        is_own = attrs.get("is_own", self.instance and self.instance.is_own)
        if not is_own and leads_inside(way):
            raise serializers.ValidationError({"base_url": [INSIDE]})
        if way.startswith("/") and not is_own:
            raise serializers.ValidationError(
                {"base_url": ["One that begins with / is this installation's own (is_own)."]}
            )
        kept = self.instance if "secret" not in attrs else None
        if kept and kept.secret and is_elsewhere(way, kept.base_url):
            raise serializers.ValidationError({"secret": [ELSEWHERE]})
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Connection:
        return self.update(Connection(), validated_data)

    def update(self, instance: Connection, validated_data: dict[str, Any]) -> Connection:
        secret = validated_data.pop("secret", None)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        if secret is not None:
            instance.set_secret(secret)
        instance.save()
        return instance


class ConnectionViewSet(viewsets.ModelViewSet[Connection]):
    """Where actions go. A secret is written and never read."""

    serializer_class = ConnectionShape
    permission_classes = (MayEditConnections,)
    queryset = Connection.objects.all()
    lookup_field = "key"
    lookup_value_converter = "slug"
