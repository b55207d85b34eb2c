"""The whole server: a group of two for each room, an ORM insert, a group send."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.stock.settings")
http = get_asgi_application()

from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402 -- after the set-up

from benchmarks.stock.models import Message  # noqa: E402


class Chat(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        self.room = self.scope["url_route"]["kwargs"]["room"]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.room, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        row = await Message.objects.acreate(
            room=self.room, client_id=content["id"], text=content["text"]
        )
        said = {"type": "chat.message", "id": content["id"], "text": row.text, "seq": row.pk}
        await self.channel_layer.group_send(self.room, said)

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send_json(event)


application = ProtocolTypeRouter(
    {"http": http, "websocket": URLRouter([path("ws/<str:room>", Chat.as_asgi())])}
)
