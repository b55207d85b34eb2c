"""What was read and let go leaves the process, too."""

import ctypes


def give_back() -> None:
    """Reading leaves hundreds of megabytes in holes of the heap; glibc returns them when asked."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
