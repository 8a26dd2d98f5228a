"""The shared region of a gateway, as a Python program sees it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from attune import checksum, configuration, layout
from attune.link import Lease, Link
from attune.message_queue import MessageQueue
from attune.names import Names
from attune.observations import Batch, ObservationRing, Payload, Records
from attune.path_link import PathLink
from attune.ring_buffer import BATCH_RECORDS, RingBuffer, Start
from attune.socket_link import SocketLink
from attune.state_cache import StateCache
from attune.statistics import Predictions, Statistics


class Region:
    """What the gateway observes and what its learner knows, mapped; made by `attach`, usable from several
    threads.

    Nothing that is read here is trusted, no reading blocks another process, and a restarted gateway or
    learner is found again by itself. After a fork the child can read on, but follows no restart and cannot
    write.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._lease = lease = Lease(link)
        self._ring_buffer = RingBuffer(lease)
        self._names = Names(lambda: lease.link.attachment.names)
        self._queue = MessageQueue(lease)
        self._state_cache = StateCache(lease, self._queue)
        self._statistics = Statistics(lease)
        self._predictions = Predictions(lease)

    @classmethod
    def attach(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        role: Literal["worker", "viewer"] | None = None,
        name: str | None = None,
        config: str | os.PathLike[str] | None = None,
    ) -> Region:
        """Maps the region of a running gateway.

        :param path: the directory of a region that is kept in files, or the core's file in it. None finds the
            gateway by `config`, `$ATTUNE_CONFIG` or the usual places, and `$XDG_RUNTIME_DIR`, and attaches by
            mutual TLS.
        :param role: "worker" can write, "viewer" only reads; None is a worker while one of the eight places
            is free.
        :param name: what `attune top` calls this program; 1 to 31 of `a-z0-9-`.
        :param config: the gateway's configuration file.
        :raises AttachError: one of its cases: `GatewayNotFound`, `ConfigurationInvalid`, `AttachRefused`,
            `AttachProtocolError`, or a `SegmentError`.
        """
        link = _linked(path, role, name, config)
        link.start()
        return cls(link)

    @property
    def ring_buffer(self) -> RingBuffer:
        """The observed calls."""
        return self._ring_buffer

    @property
    def names(self) -> Names:
        """The texts of the ids of the core that is attached now; those of a batch are `Batch.names`."""
        return self._names

    @property
    def state_cache(self) -> StateCache:
        """The state tables of the core and the learner."""
        return self._state_cache

    @property
    def statistics(self) -> Statistics:
        """What the learner knows of each tool, by (server, tool)."""
        return self._statistics

    @property
    def predictions(self) -> Predictions:
        """The predictions that hold, by (task, subject)."""
        return self._predictions

    @property
    def message_queue(self) -> MessageQueue:
        """Messages to and from the learner."""
        return self._queue

    @property
    def generation(self) -> int:
        """The incarnation of the core that is attached now; it changes when the core restarts."""
        return self._link.attachment.generation

    @property
    def attached(self) -> bool:
        """Whether the core that is attached now is running."""
        return not self.closed and self._link.attachment.core.owner_lives

    @property
    def learner_attached(self) -> bool:
        """Whether a learner is there and running."""
        learner = self._link.attachment.learner
        return not self.closed and learner is not None and learner.owner_lives

    @property
    def fault(self) -> Exception | None:
        """Why the latest attempt to attach again failed; None when there was none or it did not."""
        return self._link.fault

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._link.closed

    def observations_async(
        self, *, start: Start = "attach", timeout: float | None = None, limit: int = BATCH_RECORDS
    ) -> AsyncIterator[Batch]:
        """`ring_buffer.observations` for `async for`."""
        return self._ring_buffer.observations_async(start=start, timeout=timeout, limit=limit)

    def valid(self, records: Records) -> NDArray[np.bool_]:
        """Which records are whole, by their checksums: some 10 ns each.

        A whole record may still be another than before, if the ring has come round: `Batch.copy` knows.
        """
        if records.dtype.itemsize != layout.RECORD_BYTES:
            raise TypeError("these are not observation records")
        flat = np.ascontiguousarray(records).reshape(-1)
        words = flat.view(np.uint8).view(np.uint64).reshape(len(flat), layout.RECORD_BYTES // 8)
        return checksum.records_valid(words).reshape(records.shape)

    def payload(self, record: Records | np.void) -> Payload | None:
        """The captured bytes of one record: its params directly followed by its result, both also as
        attributes.

        :returns: None when nothing was captured or it is overwritten, which is checked after copying. Ask
            while the record is fresh: a copied record of an earlier generation of the core may not be
            recognised as such.
        """
        place = np.asarray(record)
        if place.size != 1 or place.dtype.itemsize != layout.RECORD_BYTES:
            raise TypeError("payload wants one observation record")
        raw = np.frombuffer(place.tobytes(), dtype=layout.RECORD)
        if not self.valid(raw)[0]:
            return None
        one = raw[0]
        ring = self._ring(int(place.__array_interface__["data"][0]), int(one["loop"]))
        if ring is None:
            return None
        return ring.payload(
            int(one["payload_position"]), int(one["params_bytes"]), int(one["payload_result_bytes"])
        )

    def _ring(self, address: int, loop: int) -> ObservationRing | None:
        current = self._link.attachment
        for attachment in (current, *self._link.earlier):
            ring = attachment.ring_at(address)
            if ring is not None:
                return ring
        return current.ring_of(loop)

    def publish_prediction(
        self, task: str, subject: str, value: Any, *, timeout: float | None = 0.0, **fields: Any
    ) -> int:
        """Publishes a prediction, which the learner keeps and `attune top` shows.

        It is found in `predictions`, and in `state_cache` under `prediction/TASK/SUBJECT`, a moment later.

        :param task: what is predicted, such as "latency_us"; without a slash.
        :param subject: of what, such as "server/tool".
        :param value: anything that JSON can say; with the fields at most 4 KiB.
        :param fields: more facts, such as `confidence=0.9`; `ttl_s` says for how many seconds it holds (an
            hour).
        :raises ValueError: for a task or subject that cannot be one.
        :raises QueueError: as `MessageQueue.put`.
        """
        return self._queue.publish(task, subject, value, timeout=timeout, **fields)

    def close(self) -> None:
        """Lets go of the region; records that are still in use stay mapped until they are not."""
        self._lease.end()

    def __enter__(self) -> Region:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _linked(
    path: str | os.PathLike[str] | None,
    role: Literal["worker", "viewer"] | None,
    name: str | None,
    config: str | os.PathLike[str] | None,
) -> Link:
    if path is not None:
        return PathLink(Path(path), writable=role != "viewer")
    places = configuration.find(config, os.environ)
    if places.region is not None:
        return PathLink(places.region, writable=role != "viewer")
    return SocketLink.attach(places, role=role, name=name)
