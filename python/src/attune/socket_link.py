"""A region of a running gateway, attached by mutual TLS over its Unix sockets."""

from __future__ import annotations

import os
from typing import Final, Literal

from attune import control
from attune.attachment import Attachment
from attune.configuration import GatewayPlaces
from attune.control import Control, Grant
from attune.errors import (
    AttachError,
    AttachProtocolError,
    AttachRefused,
    QueueUnavailable,
)
from attune.layout import SegmentKind
from attune.link import INTERVAL, Link
from attune.segment import Segment
from attune.worker import WorkerSegment

Role = Literal["worker", "viewer"]

_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0


class SocketLink(Link):
    """Keeps a control connection open; when it breaks, attaches again with a growing pause."""

    def __init__(
        self,
        places: GatewayPlaces,
        connection: Control,
        name: str,
        role: Role,
        segments: list[Segment],
        worker: WorkerSegment | None,
        descriptors: str,
    ) -> None:
        super().__init__(_attachment(segments), worker)
        self._places = places
        self._control: Control | None = connection
        self._name = name
        self._role = role
        self._descriptors = descriptors
        self._pause = _FIRST_PAUSE

    @classmethod
    def attach(cls, places: GatewayPlaces, *, role: Role | None, name: str | None) -> SocketLink:
        """Attaches as a worker, or as a viewer if that is asked for or no worker's place is free.

        :raises AttachError: one of its cases.
        """
        called = name or f"python-{os.getpid()}"
        if role is not None:
            return cls._attach_as(places, called, role)
        try:
            return cls._attach_as(places, called, "worker")
        except AttachRefused as refusal:
            if refusal.code != "too_many":
                raise
        return cls._attach_as(places, called, "viewer")

    @classmethod
    def _attach_as(cls, places: GatewayPlaces, name: str, role: Role) -> SocketLink:
        connection = Control(places)
        worker = None
        try:
            offer = connection.request(role, name)
            if role == "worker":
                worker = _own(name, offer.grant)
            segments = _fetch(places, offer.descriptors, offer.token, worker)
            return cls(places, connection, name, role, segments, worker, offer.descriptors)
        except BaseException:
            connection.close()
            if worker is not None:
                worker.retire()
            raise

    def own_segment(self) -> WorkerSegment:
        if self.closed:
            raise QueueUnavailable("the region is closed")
        if self.worker is None:
            raise QueueUnavailable("the region is attached as a viewer")
        return self.worker

    def turn(self) -> None:
        if self._control is None:
            self._again()
            return
        try:
            line = self._control.line(INTERVAL)
            if line is None:
                return
            changed = line.get("segments_changed")
            if isinstance(changed, dict) and isinstance(changed.get("token"), str):
                self._refresh(changed["token"])
        except (OSError, AttachError) as error:
            self.fault = error
            self._control.close()
            self._control = None
            self._pause = _FIRST_PAUSE

    def _refresh(self, token: str) -> None:
        segments = _fetch(self._places, self._descriptors, token, None)
        self.replace(_attachment(segments, self.attachment))

    def _again(self) -> None:
        self.wait(self._pause)
        if self.closed:
            return
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        connection = None
        try:
            connection = Control(self._places)
            offer = connection.request(self._role, self._name)
            self._fit(offer.grant)
            segments = _fetch(self._places, offer.descriptors, offer.token, self.worker)
            self.replace(_attachment(segments, self.attachment))
        except (OSError, AttachError) as error:
            self.fault = error
            if connection is not None:
                connection.close()
            return
        self._descriptors = offer.descriptors
        self._control = connection
        self.fault = None

    def _fit(self, grant: Grant | None) -> None:
        """Keeps this process's segment, with what was not read of it, if the gateway still takes its size."""
        worker = self.worker
        if worker is None or (grant is not None and grant.segment_bytes == worker.bytes):
            return
        self.worker = _own(self._name, grant)
        worker.retire()

    def let_go(self) -> None:
        super().let_go()
        if self._control is not None:
            self._control.close()


def _own(name: str, grant: Grant | None) -> WorkerSegment:
    if grant is None:
        raise AttachProtocolError("a worker was offered no space")
    try:
        return WorkerSegment.anonymous(name, grant.lane_bytes, grant.segment_bytes)
    except ValueError as error:
        raise AttachProtocolError(str(error)) from error


def _fetch(
    places: GatewayPlaces, descriptors: str, token: str, worker: WorkerSegment | None
) -> list[Segment]:
    own = worker.descriptor if worker is not None else None
    return control.fetch(places.control.with_name(descriptors), token, own)


def _attachment(segments: list[Segment], before: Attachment | None = None) -> Attachment:
    """The core's and the learner's segments among those that came; an unchanged mapping is kept."""
    core = next((s for s in segments if s.header.kind is SegmentKind.CORE), None)
    learner = next((s for s in segments if s.header.kind is SegmentKind.LEARNER), None)
    if core is None:
        raise AttachProtocolError("the core's segment is not among those that came")
    if before is not None:
        if before.core.generation == core.generation:
            core = before.core
        if before.learner is not None and learner is not None:
            if before.learner.generation == learner.generation:
                learner = before.learner
    return Attachment(core, learner)
