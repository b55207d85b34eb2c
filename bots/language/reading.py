"""`python -m bots.language.reading FILE`: what stands in a picture that a stranger sent, as one JSON object.

A process of its own with limits on memory and time, so that whatever a file does, it is over, and nobody
else is hurt. Prints {"lines": [[text, sure]], "by": …}; any other end means that it could not be read.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from pathlib import Path

MEMORY = 3 * 1024**3  # bytes of address space: a network's threads and files count, too
SECONDS = 40  # of computing
PIXELS = 45_000_000


def main(path: str) -> None:
    _limit()
    from PIL import Image

    from bots.language import ocr

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(Path(path), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
        image.load()
        found = ocr.read(image)
    told = {"lines": [[one.text, round(one.sure, 3)] for one in found], "by": ocr.NAME}
    sys.stdout.write(json.dumps(told))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1])
