"""What the Attune gateway observes, read out of shared memory in place, and predictions sent back.

import attune

with attune.Region.attach() as region:
    for batch in region.ring_buffer.observations():
        slow = batch.records[batch.records["duration_us"] > 100_000]
        print(len(batch.records), batch.lost, {batch.names[tool] for tool in slow["tool"]})
"""

from attune.commands import Message, MessageKind, Priority
from attune.errors import (
    AttachError,
    AttachProtocolError,
    AttachRefused,
    AttuneError,
    BadSection,
    ConfigurationInvalid,
    DamagedHeader,
    GatewayNotFound,
    MessageTooLarge,
    NotASegment,
    NotLive,
    NotPrivate,
    NotSealed,
    QueueError,
    QueueFull,
    QueueUnavailable,
    SegmentError,
    UnsupportedLayout,
    UnsupportedRecord,
    WrongSize,
)
from attune.layout import RECORD, Outcome, RecordFlag
from attune.message_queue import MessageQueue
from attune.names import NameKind, Names
from attune.observations import Batch, Payload
from attune.region import Region
from attune.ring_buffer import RingBuffer
from attune.state_cache import StateCache
from attune.statistics import Predictions, Statistics, ToolStatistics

__version__ = "0.1.0"

__all__ = [
    "RECORD",
    "AttachError",
    "AttachProtocolError",
    "AttachRefused",
    "AttuneError",
    "BadSection",
    "Batch",
    "ConfigurationInvalid",
    "DamagedHeader",
    "GatewayNotFound",
    "Message",
    "MessageKind",
    "MessageQueue",
    "MessageTooLarge",
    "NameKind",
    "Names",
    "NotASegment",
    "NotLive",
    "NotPrivate",
    "NotSealed",
    "Outcome",
    "Payload",
    "Predictions",
    "Priority",
    "QueueError",
    "QueueFull",
    "QueueUnavailable",
    "RecordFlag",
    "Region",
    "RingBuffer",
    "SegmentError",
    "StateCache",
    "Statistics",
    "ToolStatistics",
    "UnsupportedLayout",
    "UnsupportedRecord",
    "WrongSize",
]
