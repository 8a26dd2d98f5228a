"""Messages to the learner, and those that the learner sends."""

from __future__ import annotations

import json
import struct
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

from attune import cursors
from attune.commands import CommandReader, Message, MessageKind, Priority
from attune.errors import MessageTooLarge, QueueFull, QueueUnavailable
from attune.link import Lease
from attune.table import MAXIMUM_KEY_BYTES

#: A prediction's JSON, as a value of the learner's table.
MAXIMUM_PREDICTION_BYTES: Final = 4096
MAXIMUM_NAME_BYTES: Final = 100
#: Keys that begin so are the learner's own.
RESERVED: Final = (b"stat/", b"prediction/", b"learner/")
_SHORTEST_PAUSE: Final = 0.0002
_LONGEST_PAUSE: Final = 0.005


class MessageQueue:
    """`put` writes into this process's own segment, `get` reads the learner's; neither ever overwrites or
    blocks another process."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._link = lease.link
        attachment = self._link.attachment
        #: Not the attachment, which would keep a core's segment mapped until the next message.
        self._learner = attachment.learner
        #: A reader has one place: threads take turns.
        self._reading = threading.Lock()
        self._readers: list[CommandReader] = attachment.command_readers(from_start=False)

    def put(
        self,
        message: Mapping[str, Any] | bytes,
        *,
        priority: Priority | int = Priority.NORMAL,
        timeout: float | None = 0.0,
    ) -> int:
        """Sends a JSON object to the learner; gives the number of the message in its lane.

        :param timeout: how many seconds to wait for space; None waits for ever, 0 not at all.
        :raises QueueFull: if the learner has not made space in time.
        :raises MessageTooLarge: if the message exceeds 64 KiB or a quarter of the lane.
        :raises QueueUnavailable: if this program has no segment of its own.
        :raises TypeError: if the message is no object of JSON.
        """
        body = message if isinstance(message, bytes) else _json(message)
        return self.send(MessageKind.JSON, body, priority=priority, timeout=timeout)

    def send(
        self,
        kind: MessageKind,
        body: bytes,
        *,
        priority: Priority | int = Priority.NORMAL,
        timeout: float | None = 0.0,
    ) -> int:
        """Sends a frame of any kind; `put` says what is raised."""
        lane = Priority(priority)
        ends = None if timeout is None else time.monotonic() + timeout
        pause = _SHORTEST_PAUSE
        while True:
            # Another one takes its place when a gateway that was started again grants another size.
            worker = self._link.own_segment()
            if not worker.owned:
                raise QueueUnavailable("the segment belongs to the process that this one was forked from")
            learner = self._link.attachment.learner
            consumed = None
            if learner is not None:
                consumed = cursors.command_position(learner, worker.generation, lane)
            try:
                with worker.lock:
                    return worker.writers[lane].put(kind, body, consumed if consumed is not None else 0)
            except QueueFull:
                if ends is not None and time.monotonic() >= ends:
                    raise
            self._link.wait(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def publish(
        self, task: str, subject: str, value: Any, *, timeout: float | None = 0.0, **fields: Any
    ) -> int:
        """Sends a prediction; `Region.publish_prediction` says how."""
        if "/" in task:
            raise ValueError("a task has no slash")
        for name in (task, subject):
            if not 1 <= len(name.encode()) <= MAXIMUM_NAME_BYTES or any(c < " " or c == "\x7f" for c in name):
                raise ValueError(
                    f"{name!r} is not 1 to {MAXIMUM_NAME_BYTES} bytes without control characters"
                )
        body = _json({"task": task, "subject": subject, "value": value, **fields})
        if len(body) > MAXIMUM_PREDICTION_BYTES:
            raise MessageTooLarge(len(body), MAXIMUM_PREDICTION_BYTES)
        return self.send(MessageKind.PREDICTION, body, timeout=timeout)

    def write_state(self, key: bytes, value: bytes, *, timeout: float | None = 0.0) -> int:
        """Asks the learner to store a value in its table."""
        body = struct.pack("<H", len(_writable(key))) + key + value
        return self.send(MessageKind.STATE_WRITE, body, timeout=timeout)

    def delete_state(self, key: bytes, *, timeout: float | None = 0.0) -> int:
        """Asks the learner to delete a value from its table."""
        return self.send(MessageKind.STATE_DELETE, _writable(key), timeout=timeout)

    def get(self, timeout: float | None = None) -> Message | None:
        """The learner's next message since the region was attached, the most urgent lane first.

        These are the learner's messages to the core (prefetch, advice changed, experiment changed, and JSON),
        seen by a bystander: one that does not keep up misses some, which `lost` counts.

        :param timeout: how many seconds to wait; None waits for ever. None is answered when nothing came.
        """
        ends = None if timeout is None else time.monotonic() + timeout
        pause = _SHORTEST_PAUSE
        while not self._link.closed:
            message = self._take()
            if message is not None:
                return message
            if ends is not None and time.monotonic() >= ends:
                return None
            self._link.wait(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        return None

    @property
    def lost(self) -> int:
        """Messages of this learner that `get` came too late for."""
        return sum(reader.lost for reader in self._readers)

    @property
    def pending_bytes(self) -> dict[Priority, int]:
        """What the learner has not yet read of each lane of this process."""
        worker = self._link.worker
        learner = self._link.attachment.learner
        if worker is None:
            return {}
        pending = {}
        for lane, writer in zip(Priority, worker.writers, strict=True):
            consumed = None
            if learner is not None:
                consumed = cursors.command_position(learner, worker.generation, lane)
            with worker.lock:
                pending[lane] = writer.capacity - writer.free(consumed or 0)
        return pending

    def _take(self) -> Message | None:
        with self._reading:
            self._follow()
            for reader in self._readers:
                message = reader.take()
                if message is not None:
                    return message
        return None

    def _follow(self) -> None:
        current = self._link.attachment
        before, now = self._learner, current.learner
        if now is before:
            return
        self._learner = now
        if before is not None and now is not None and before.generation == now.generation:
            return
        # All that a learner sent since it started is after this region was attached.
        self._readers = current.command_readers(from_start=True)


def _json(value: Mapping[str, Any]) -> bytes:
    if not isinstance(value, Mapping):
        raise TypeError(f"a message is an object of JSON, not {type(value).__name__}")
    return json.dumps(dict(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _writable(key: bytes) -> bytes:
    if not 1 <= len(key) <= MAXIMUM_KEY_BYTES:
        raise ValueError(f"a key has 1 to {MAXIMUM_KEY_BYTES} bytes, not {len(key)}")
    if key.startswith(RESERVED):
        raise ValueError(f"keys that begin with {key.partition(b'/')[0].decode()}/ are the learner's own")
    return key
