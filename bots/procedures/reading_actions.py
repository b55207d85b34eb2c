"""The actions of a file."""

from __future__ import annotations

import re
from typing import Any

from bots.procedures.loading import Node
from bots.procedures.reader import KEY, Reader, check_name
from bots.procedures.shapes import Action

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ACTION = (
    "connection", "method", "path", "query", "headers", "body", "timeout", "retries",
    "irreversible", "repeatable", "outcomes", "save",
)  # fmt: skip


def actions_of(reader: Reader, node: Node | None) -> dict[str, Action]:
    found = {}
    for name, inner in (reader.map(node, "actions") if node else {}).items():
        check_name(reader, name, inner.key_line)
        found[name] = _action(reader, name, inner)
    return found


def _action(reader: Reader, name: str, node: Node) -> Action:
    keys = reader.map(node, f"The action “{name}”", _ACTION)
    for needed in ("connection", "path"):
        if needed not in keys:
            reader.bad(node.key_line, f"The action “{name}” has no “{needed}”.")
    method = reader.string(keys.get("method"), "method") or "GET"
    if method not in METHODS:
        reader.bad(keys["method"].line, f"“{method}” is not one of {', '.join(METHODS)}.")
        method = "GET"
    if method in {"GET", "DELETE"} and "body" in keys:
        reader.bad(keys["body"].key_line, f"{method} has no body: use “query”.")
    path = reader.string(keys.get("path"), "path", most=500)
    reader.check_template(path, keys["path"].line if "path" in keys else node.line)
    if path and (not path.startswith("/") or path.startswith("//") or "/../" in f"{path}/"):
        reader.bad(keys["path"].line, "A path begins with one / and goes no way back.")
    irreversible = reader.flag(keys.get("irreversible"), "irreversible")
    if irreversible and method == "GET":
        reader.bad(
            keys["irreversible"].key_line, "GET only reads: nothing about it is irreversible."
        )
    return Action(
        name=name,
        line=node.key_line,
        connection=reader.string(keys.get("connection"), "connection", most=64),
        method=method,
        path=path,
        query=_templates(reader, keys.get("query"), "query"),
        headers=_headers(reader, keys.get("headers")),
        body=_body(reader, keys.get("body")),
        timeout=reader.number(keys.get("timeout"), "timeout", least=0.5, most=8, usual=5),
        retries=int(reader.number(keys.get("retries"), "retries", least=0, most=3, usual=2)),
        irreversible=irreversible,
        repeatable=reader.flag(keys.get("repeatable"), "repeatable", usual=True),
        outcomes=_outcomes(reader, keys.get("outcomes")),
        save=_saves(reader, keys.get("save")),
    )


def _templates(reader: Reader, node: Node | None, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, inner in (reader.map(node, where) if node else {}).items():
        found[name] = inner.value if not isinstance(inner.value, dict | list) else ""
        if isinstance(inner.value, dict | list):
            reader.bad(inner.line, f"In {where} every value is one text.")
        elif isinstance(inner.value, str):
            reader.check_template(inner.value, inner.line)
    return found


_OURS = {"authorization", "host", "idempotency-key", "content-length", "content-type", "cookie"}


def _headers(reader: Reader, node: Node | None) -> dict[str, str]:
    found = {}
    for name, inner in (reader.map(node, "headers") if node else {}).items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,63}", name) or name.lower() in _OURS:
            reader.bad(inner.key_line, f"“{name}” is no header that a procedure may set.")
            continue
        found[name] = reader.string(inner, "A header", most=500)
        reader.check_template(found[name], inner.line)
    return found


def _body(reader: Reader, node: Node | None) -> Any:
    if node is None:
        return None
    _look_through(reader, node)
    return node.plain()


def _look_through(reader: Reader, node: Node) -> None:
    if isinstance(node.value, dict | list):
        inside = node.value.values() if isinstance(node.value, dict) else node.value
        for one in inside:
            _look_through(reader, one)
    elif isinstance(node.value, str):
        reader.check_template(node.value, node.line)


def _outcomes(reader: Reader, node: Node | None) -> dict[int, str]:
    found: dict[int, str] = {}
    for name, inner in (reader.map(node, "outcomes") if node else {}).items():
        if name in {"ok", "failed", "unknown"}:
            reader.bad(inner.key_line, f"“{name}” is there by itself: choose another name.")
        elif not KEY.fullmatch(name):
            reader.bad(inner.key_line, f"“{name}” is not a name: lower-case letters, digits and _.")
        for one in inner.value if isinstance(inner.value, list) else [inner]:
            status = one.value
            if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
                reader.bad(one.line, "An outcome is a status from 200 to 599, or a list of them.")
            elif status in found:
                reader.bad(one.line, f"{status} already means “{found[status]}”.")
            else:
                found[status] = name
    return found


def _saves(reader: Reader, node: Node | None) -> dict[str, str]:
    found = {}
    for name, inner in (reader.map(node, "save") if node else {}).items():
        check_name(reader, name, inner.key_line)
        path = reader.string(inner, "A path", most=200)
        if path and not re.fullmatch(r"\.\??|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\??", path):
            reader.bad(inner.line, f"“{path}” is no path such as data.items.0.id.")
        found[name] = path
    return found
