"""A ZIP, or a folder, of files: what is in it, within bounds, and without trusting any name."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from bots.sources.kinds import BY_NAME, FILE_LIMIT, Kind, Unreadable

FILES_LIMIT = 200
ALL_LIMIT = 50 * 1024 * 1024  # bytes of all files of one ZIP, unpacked
_DAMAGED = "The ZIP is damaged: it can't be unpacked."


@dataclass(frozen=True)
class Packed:
    """A file inside; `problem` instead of content if it can't be had."""

    name: str
    content: bytes = b""
    problem: str = ""


def unpacked(content: bytes) -> list[Packed]:
    """Every file of the kinds that we read; others are named with a problem. Raises Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            inside = [one for one in packed.infolist() if _is_file(one)]
            if not inside:
                raise Unreadable("The ZIP holds no files.")
            if len(inside) > FILES_LIMIT:
                raise Unreadable(f"The ZIP holds more than {FILES_LIMIT} files.")
            # What is written there is also the most that is unpacked of each.
            if sum(one.file_size for one in inside) > ALL_LIMIT:
                raise Unreadable(f"Unpacked it is larger than {ALL_LIMIT // 1024**2} MB.")
            return [_one(packed, one) for one in inside]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable(_DAMAGED) from None


def _is_file(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    hidden = any(part.startswith((".", "__MACOSX")) and part not in {".", ".."} for part in parts)
    return not entry.is_dir() and not hidden


def _one(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Packed:
    name = _name(entry)
    kind = BY_NAME.get(PurePosixPath(name).suffix.casefold())
    if kind is Kind.ZIP:
        return Packed(name, problem="A ZIP inside of a ZIP is not opened.")
    if entry.flag_bits & 1:
        return Packed(name, problem="It is locked with a password.")
    if entry.file_size > FILE_LIMIT:
        return Packed(name, problem=f"The file is larger than {FILE_LIMIT // 1024**2} MB.")
    try:
        return Packed(name, packed.read(entry))
    except Exception:  # noqa: BLE001 -- zlib, lzma and bz2 each have errors of their own
        return Packed(name, problem="It is damaged: it can't be unpacked.")


def _name(entry: zipfile.ZipInfo) -> str:
    """Without a way out of its folder; old programs wrote names in the encoding of their country."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return safe_name("/".join(part for part in parts if part not in {"/", ".", ".."}))


def safe_name(name: str) -> str:
    """A name to show and to know the file by again: one line, at most 150 characters from its end."""
    shown = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(shown.split())[-150:] or "file"


def in_folder(folder: Path) -> Iterator[Path]:
    """The files below it that have a kind's name, in order; hidden ones and links are left out."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if any(part.startswith(".") for part in inside) or path.is_symlink():
            continue
        if path.is_file() and path.suffix.casefold() in BY_NAME:
            yield path
