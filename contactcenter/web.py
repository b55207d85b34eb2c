"""Daphne, with one courtesy: on a restart, sockets are closed with 1012 ("come again")."""

import sys
from typing import Any

from autobahn.websocket.protocol import WebSocketProtocol as WebSocketState
from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol

RESTART = 1012


class WebServer(Server):  # type: ignore[misc]
    def kill_all_applications(self) -> Any:
        """Called once, before the reactor stops: applications are told first, then ended."""
        for protocol in list(self.connections):
            if (
                isinstance(protocol, WebSocketProtocol)
                and protocol.state == WebSocketState.STATE_OPEN
            ):
                # Autobahn's sendClose allows an application only 1000 and private codes.
                protocol.sendCloseFrame(RESTART)
        return super().kill_all_applications()


class CommandLine(CommandLineInterface):  # type: ignore[misc]
    server_class = WebServer


if __name__ == "__main__":
    CommandLine().run(sys.argv[1:])
