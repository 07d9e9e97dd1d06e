"""Mutants: a function of the product that answers something else for a while, wherever it was imported to."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import dedent
from types import FunctionType
from typing import Any, cast


@contextmanager
def answering(function: Callable[..., Any], instead: Callable[..., Any]) -> Iterator[None]:
    """`function` behaves like `instead`, whoever holds it already: its code is exchanged in place."""
    inner, other = cast(FunctionType, inspect.unwrap(function)), cast(FunctionType, instead)
    assert inner.__code__.co_freevars == other.__code__.co_freevars == ()
    before = (inner.__code__, inner.__defaults__, inner.__kwdefaults__, dict(inner.__globals__))
    inner.__code__, inner.__defaults__, inner.__kwdefaults__ = other.__code__, other.__defaults__, other.__kwdefaults__
    added = {name: value for name, value in other.__globals__.items() if name not in inner.__globals__}
    inner.__globals__.update(added)
    try:
        yield
    finally:
        inner.__code__, inner.__defaults__, inner.__kwdefaults__ = before[:3]
        for name in added:
            inner.__globals__.pop(name)


@contextmanager
def rewritten(function: Callable[..., Any], *changes: tuple[str, str]) -> Iterator[None]:
    """`function` with parts of its source replaced; each must stand there exactly once, so that a mutant never goes stale."""
    inner = cast(FunctionType, inspect.unwrap(function))
    source = dedent(inspect.getsource(inner))
    source = source[source.index("def ") :]
    for old, new in changes:
        assert source.count(old) == 1, f"{inner.__qualname__}: {source.count(old)} times {old!r}"
        source = source.replace(old, new)
    made: dict[str, Any] = {}
    exec(
        compile(f"from __future__ import annotations\n{source}", inner.__code__.co_filename, "exec"),
        inner.__globals__,
        made,
    )
    with answering(inner, made[inner.__name__]):
        yield
