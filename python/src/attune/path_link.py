"""A region found by its path: files NAME.segment in one directory, replaced by renaming when a process
restarts.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Final

from attune.attachment import Attachment
from attune.errors import GatewayNotFound, QueueUnavailable, SegmentError
from attune.link import INTERVAL, Link
from attune.segment import Segment
from attune.worker import WorkerSegment

_CORE: Final = "core.segment"
_LEARNER: Final = "learner.segment"

_Identity = tuple[int, int, int] | None


def _identity(path: Path) -> _Identity:
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_ctime_ns


class PathLink(Link):
    """Follows the segments in a directory."""

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        """:param path: the directory, or the core's segment in it.

        :raises GatewayNotFound: if no core's segment is there.
        :raises SegmentError: if it cannot be read.
        """
        self._writable = writable
        #: Threads that write first at the same time share one segment.
        self._making = threading.Lock()
        self._core = path / _CORE if path.is_dir() else path
        self._learner = self._core.with_name(_LEARNER)
        self._identities = (_identity(self._core), _identity(self._learner))
        try:
            core = Segment.open(self._core)
        except OSError as error:
            raise GatewayNotFound(str(self._core), f"{error.strerror}; is `attune run` there?") from error
        super().__init__(Attachment(core, self._open_learner()), None)

    def _open_learner(self) -> Segment | None:
        try:
            return Segment.open(self._learner)
        except (OSError, SegmentError):
            return None

    def own_segment(self) -> WorkerSegment:
        if not self._writable:
            raise QueueUnavailable("the region is attached as a viewer")
        with self._making:
            if self.closed:
                raise QueueUnavailable("the region is closed")
            if self.worker is None:
                self.worker = WorkerSegment.file(self._core.parent)
            return self.worker

    def turn(self) -> None:
        self.wait(INTERVAL)
        identities = (_identity(self._core), _identity(self._learner))
        if identities == self._identities or identities[0] is None:
            return
        try:
            if identities[0] == self._identities[0]:
                core = self.attachment.core
            else:
                core = Segment.open(self._core)
        except (OSError, SegmentError) as error:
            # Perhaps caught in the middle of a start: the next turn looks again.
            self.fault = error
            return
        learner = self._open_learner() if identities[1] != self._identities[1] else self.attachment.learner
        self._identities = identities
        self.fault = None
        self.replace(Attachment(core, learner))
