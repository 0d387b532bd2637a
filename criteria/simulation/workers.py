"""Loading provinces in processes of their own: their clocks are apart, so they never meet.

Importable before Django is set up, as a new process needs it.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from datetime import date
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.queues import Queue
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from criteria.simulation.load import Loaded

type Heard = tuple[str, date]

_to_parent: Queue[Heard] | None = None


def load_in_processes(
    path: Path, codes: Sequence[str], *, jobs: int, progress: Callable[[str, date], None]
) -> dict[str, Loaded]:
    """Load the provinces with these codes, `jobs` at a time; the first error stops the rest."""
    context = get_context("spawn")
    heard: Queue[Heard] = context.Queue()
    with ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_start, initargs=(heard,)
    ) as pool:
        futures = {code: pool.submit(_load, path, code) for code in codes}
        try:
            _listen(list(futures.values()), heard, progress)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in active_children():
                worker.terminate()  # its transaction is undone
            raise
        return {code: future.result() for code, future in futures.items()}


def _listen(
    futures: Sequence[Future[Loaded]],
    heard: Queue[Heard],
    progress: Callable[[str, date], None],
) -> None:
    waiting = True
    while waiting:
        done, pending = wait(futures, timeout=0.1, return_when=FIRST_EXCEPTION)
        for future in done:
            future.result()
        waiting = bool(pending)
        while True:
            try:
                progress(*heard.get_nowait())
            except queue.Empty:
                break


def _start(heard: Queue[Heard]) -> None:
    import django

    global _to_parent
    _to_parent = heard
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    django.setup()


def _end_with_the_parent() -> None:
    """A worker whose parent was killed would otherwise load on, then wait for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _load(path: Path, code: str) -> Loaded:
    from django.db import connection

    from criteria.simulation import demo, load, scenario

    data = demo.read(path)
    entry = next(found for found in scenario.provinces(data) if found.code == code)
    assert _to_parent is not None
    try:
        return load.load_province(entry, data, progress=_tell)
    finally:
        connection.close()


def _tell(name: str, month: date) -> None:
    if _to_parent is not None:
        _to_parent.put((name, month))
