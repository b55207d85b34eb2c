"""python -m contactcenter.launch serve | manage COMMAND … | test …"""

import signal
import sys

from contactcenter.launch import command, serve
from contactcenter.launch.terminal import CannotStart, say


def main(arguments: list[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, command.refuse_stopped)
    try:
        match arguments:
            case ["serve"]:
                return serve.serve()
            case ["manage", *rest]:
                return command.manage(rest)
            case ["test", *rest]:
                return command.test(rest)
            case _:
                say(str(__doc__))
                return 2
    except CannotStart as error:
        say(str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
