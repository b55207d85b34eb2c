"""A socket that nobody offers: closed, without a stack in the log."""

from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer


class NoSuchSocket(AsyncWebsocketConsumer):
    channel_layer_alias = "none"

    async def connect(self) -> None:
        raise DenyConnection
