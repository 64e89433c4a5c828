"""What the log says when something goes wrong: where, and never what people wrote."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pydantic
import pytest

from steunwijzer import background, db, logs, outbox
from steunwijzer.outbox import Delivery, Dispatcher

SECRET = "mijn medewerker hoort stemmen"


class Strict(pydantic.BaseModel):
    """Something whose error quotes its input."""

    number: int


def fails() -> None:
    """Fails with the text in a local variable, in the exception and in its cause."""
    text = SECRET
    try:
        Strict(number=text)  # type: ignore[arg-type]
    except pydantic.ValidationError as problem:
        raise RuntimeError(f"cannot handle {text}") from problem


@contextmanager
def configured() -> Iterator[None]:
    """The log as a server writes it."""
    root = logging.getLogger()
    before, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    root.handlers[:] = []
    try:
        logs.configure("DEBUG")
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        logging.raiseExceptions = raising


def test_a_failed_sender_and_failed_background_work_are_logged_without_text(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    with db.session_scope() as session:
        outbox.add(session, key="k", channel="test", kind="chat.message", recipient="r", payload={"text": SECRET})

    async def sender(delivery: Delivery) -> None:
        fails()

    async def job() -> None:
        fails()

    with configured():
        asyncio.run(Dispatcher({"test": sender}).run_once())
        asyncio.run(background._guarded(job))
    shown = "".join(capsys.readouterr())
    assert "stemmen" not in shown
    assert shown.count("RuntimeError (") == 2
    assert shown.count("after ValidationError (") == 2
    assert "test_logs.py" in shown
    assert "Sending chat.message to test failed" in shown
    assert "Background work job failed" in shown


def test_exceptions_that_others_log_show_no_text_either(capsys: pytest.CaptureFixture[str]) -> None:
    async def forgotten() -> None:
        task = asyncio.create_task(asyncio.to_thread(fails))
        await asyncio.wait([task])
        del task

    with configured():
        try:
            fails()
        except RuntimeError as problem:
            logging.getLogger("webserver").error("Exception in ASGI application\n", exc_info=problem)
            logging.getLogger("somebody").exception("failed")
        asyncio.run(forgotten())
    shown = "".join(capsys.readouterr())
    assert "stemmen" not in shown
    assert shown.count("RuntimeError (") == 3
    assert "Task exception was never retrieved" in shown


def test_a_trail_names_each_cause_once_and_has_an_end() -> None:
    def deep(number: int) -> None:
        if not number:
            raise KeyError(SECRET)
        try:
            deep(number - 1)
        except Exception as problem:
            raise ValueError(SECRET) from (problem if number % 2 else None)

    with pytest.raises(ValueError, match="stemmen") as caught:
        deep(30)
    shown = logs.trail(caught.value)
    assert len(shown) < 3000
    assert "stemmen" not in shown
    assert logs.trail(None) == ""
