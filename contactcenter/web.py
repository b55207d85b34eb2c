"""Daphne, with the close codes that the protocol promises and Autobahn keeps from applications.

1009 says that a frame was too large, 1012 that clients should come again: the server restarts, or
their conversation goes on in another one.
"""

import gc
import sys
from typing import Any

from autobahn.websocket.protocol import WebSocketProtocol as WebSocketState
from daphne import server as daphne_server
from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor

from contactcenter.bodies import BoundedFactory
from contactcenter.straight import StraightProtocol
from conversations import precedence
from conversations.straight import STRAIGHT

TOO_BIG, RESTART = 1009, 1012


def close(protocol: Any, code: int) -> bool:
    """Closes an open socket with any code; False if this is not one."""
    if not isinstance(protocol, WebSocketProtocol) or protocol.state != WebSocketState.STATE_OPEN:
        return False
    # sendClose would refuse: it allows an application only 1000 and the private codes.
    protocol.sendCloseFrame(code)
    return True


class WebServer(Server):  # type: ignore[misc]
    def run(self) -> None:
        WebSocketFactory.protocol = StraightProtocol
        daphne_server.HTTPFactory = BoundedFactory
        # What was imported stays: the collector need not look through it while people talk.
        gc.collect()
        gc.freeze()
        precedence.go_first()  # this thread is the event loop
        from conversations.hub import hub  # the apps are ready only now

        # Not with the first socket: that nobody came back is known only where somebody looks.
        reactor.callWhenRunning(hub)
        super().run()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, StraightProtocol):
            scope["extensions"] = {STRAIGHT: protocol}
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        code = message.get("code") if message["type"] == "websocket.close" else None
        if not (code in (TOO_BIG, RESTART) and close(protocol, code)):
            await super().handle_reply(protocol, message)

    def kill_all_applications(self) -> Any:
        """Called once, before the reactor stops: the other sides are told first."""
        for protocol in list(self.connections):
            close(protocol, RESTART)
        return super().kill_all_applications()


class CommandLine(CommandLineInterface):  # type: ignore[misc]
    server_class = WebServer


if __name__ == "__main__":
    CommandLine().run(sys.argv[1:])
