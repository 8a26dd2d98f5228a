"""How a region stays attached: what is mapped now, and a thread that notices when that must change."""

from __future__ import annotations

import threading
import weakref
from abc import ABC, abstractmethod
from collections import deque
from typing import Final, NamedTuple

from attune.attachment import Attachment
from attune.worker import WorkerSegment

#: How often the thread looks; the worker's heartbeat is due once a second.
INTERVAL: Final = 0.1
#: How long closing waits for that thread, which may be in the middle of attaching.
PATIENCE: Final = 5.0


class Origin(NamedTuple):
    """Where the rings were at the moment of attaching."""

    generation: int
    positions: dict[int, int]


class Link(ABC):
    """The present attachment and what keeps it present."""

    def __init__(self, attachment: Attachment, worker: WorkerSegment | None) -> None:
        self.origin = Origin(attachment.generation, {ring.loop: ring.published for ring in attachment.rings})
        self.worker = worker
        #: Earlier attachments, for records that are still in use.
        self.earlier: deque[Attachment] = deque(maxlen=2)
        #: Why the latest attempt to attach again failed; None when it did not.
        self.fault: Exception | None = None
        self._attachment = attachment
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attune-region", daemon=True)

    def start(self) -> None:
        """Starts the thread; apart from the constructor, so that a subclass is whole before."""
        self._thread.start()

    @property
    def attachment(self) -> Attachment:
        """What is mapped now."""
        return self._attachment

    @property
    def closed(self) -> bool:
        """Whether the region was closed."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Sleeps, but not beyond the close."""
        self._stop.wait(seconds)

    def replace(self, attachment: Attachment) -> None:
        """Puts another attachment in the place of the present one."""
        if attachment.generation != self._attachment.generation:
            self.earlier.append(self._attachment)
        self._attachment = attachment

    def after(self, attachment: Attachment) -> list[Attachment]:
        """The attachments that took the place of one, the present one last; of many only the latest three."""
        kept = [*self.earlier, self._attachment]
        if kept[-1] is attachment:
            return []
        if kept[-1].generation == attachment.generation:
            return kept[-1:]
        known = [place for place, one in enumerate(kept) if one.generation == attachment.generation]
        return kept[known[-1] + 1 :] if known else kept

    def close(self) -> None:
        """Ends the thread and this process's segment; mappings go when nothing uses them any more."""
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(PATIENCE)
            if self._thread.is_alive():
                # It lets go itself, of what it is just making too.
                return
        self.let_go()

    def let_go(self) -> None:
        """Gives back what only an open region has; may be called again."""
        if self.worker is not None:
            self.worker.retire()

    @abstractmethod
    def own_segment(self) -> WorkerSegment:
        """This process's segment, made now if it can be.

        :raises QueueUnavailable: if there can be none.
        """

    @abstractmethod
    def turn(self) -> None:
        """One look at whether the attachment is still right; waits at most about `INTERVAL`."""

    def _run(self) -> None:
        while not self.closed:
            if self.worker is not None:
                self.worker.heartbeat()
            try:
                self.turn()
            except Exception as error:
                # Nothing that another process sends may end the thread that would find its successor.
                self.fault = error
                self.wait(1)
        self.let_go()


class Lease:
    """Closes a link when nothing uses it any more; whatever reads through the link holds this."""

    def __init__(self, link: Link) -> None:
        self.link = link
        #: Called once, at the latest when the program ends.
        self.end = weakref.finalize(self, link.close)
