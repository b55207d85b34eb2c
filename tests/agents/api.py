"""The agents' HTTP doors without a server: signed in, JSON in, JSON out."""

from typing import Any

from rest_framework.test import APIClient

from agents.models import Agent


class Door:
    """What one agent gets from /api/v1/."""

    def __init__(self, agent: Agent) -> None:
        self.client = APIClient(raise_request_exception=False)
        # Asked anew: a role's permissions are remembered on the object.
        self.client.force_authenticate(Agent.objects.get(pk=agent.pk))

    def ask(self, method: str, path: str, words: Any = None) -> tuple[int, Any]:
        call = getattr(self.client, method)
        answer = call(f"/api/v1/{path}", words, format="json")
        return answer.status_code, answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        status, answer = self.ask("get", path)
        assert status == 200, answer
        return answer

    def post(self, path: str, words: Any = None) -> Any:
        status, answer = self.ask("post", path, words or {})
        assert status in {200, 201}, answer
        return answer
