from attune.schemas import message_pb2 as _message_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JournalEntry(_message.Message):
    __slots__ = ["gap", "message"]
    GAP_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    gap: JournalGap
    message: _message_pb2.MCPMessage
    def __init__(self, message: _Optional[_Union[_message_pb2.MCPMessage, _Mapping]] = ..., gap: _Optional[_Union[JournalGap, _Mapping]] = ...) -> None: ...

class JournalGap(_message.Message):
    __slots__ = ["before", "damaged", "loop", "lost", "timestamp"]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    DAMAGED_FIELD_NUMBER: _ClassVar[int]
    LOOP_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    before: int
    damaged: int
    loop: int
    lost: int
    timestamp: int
    def __init__(self, timestamp: _Optional[int] = ..., loop: _Optional[int] = ..., before: _Optional[int] = ..., lost: _Optional[int] = ..., damaged: _Optional[int] = ...) -> None: ...

class JournalRun(_message.Message):
    __slots__ = ["first", "steps"]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    first: int
    steps: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, first: _Optional[int] = ..., steps: _Optional[_Iterable[int]] = ...) -> None: ...
