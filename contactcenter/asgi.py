"""The doors: HTTP, and the two sockets."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
django_application = get_asgi_application()

from agents.socket.consumers import AgentConsumer  # noqa: E402 -- the apps must be ready
from contactcenter.sockets import NoSuchSocket  # noqa: E402
from conversations.consumers import CustomerConsumer  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": URLRouter(
            [
                path("ws/chat", CustomerConsumer.as_asgi()),
                path("ws/agents", AgentConsumer.as_asgi()),
                path("<path:_>", NoSuchSocket.as_asgi()),
                path("", NoSuchSocket.as_asgi()),
            ]
        ),
    }
)
