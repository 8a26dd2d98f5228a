from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

CALL_ERA_LEGACY: CallEra
CALL_ERA_MODERN: CallEra
CALL_ERA_UNSPECIFIED: CallEra
CALL_OUTCOME_CANCELLED: CallOutcome
CALL_OUTCOME_CIRCUIT_OPEN: CallOutcome
CALL_OUTCOME_DRAINING: CallOutcome
CALL_OUTCOME_MESSAGE_TOO_LARGE: CallOutcome
CALL_OUTCOME_OK: CallOutcome
CALL_OUTCOME_OVERLOADED: CallOutcome
CALL_OUTCOME_REFUSED: CallOutcome
CALL_OUTCOME_RPC_ERROR: CallOutcome
CALL_OUTCOME_TOOL_ERROR: CallOutcome
CALL_OUTCOME_UNSPECIFIED: CallOutcome
CALL_OUTCOME_UPSTREAM_PROTOCOL_ERROR: CallOutcome
CALL_OUTCOME_UPSTREAM_TIMEOUT: CallOutcome
CALL_OUTCOME_UPSTREAM_UNAVAILABLE: CallOutcome
DESCRIPTOR: _descriptor.FileDescriptor

class CallContent(_message.Message):
    __slots__ = ["cut", "digest", "size"]
    CUT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    cut: bool
    digest: bytes
    size: int
    def __init__(self, size: _Optional[int] = ..., digest: _Optional[bytes] = ..., cut: bool = ...) -> None: ...

class CallFacts(_message.Message):
    __slots__ = ["advice_reason", "advice_version", "arguments", "call_id", "duration_us", "era", "error_code", "loop", "outcome", "principal", "queue_us", "request_bytes", "result", "result_bytes", "result_payload", "sequence", "server", "session", "tool", "upstream_us"]
    ADVICE_REASON_FIELD_NUMBER: _ClassVar[int]
    ADVICE_VERSION_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    DURATION_US_FIELD_NUMBER: _ClassVar[int]
    ERA_FIELD_NUMBER: _ClassVar[int]
    ERROR_CODE_FIELD_NUMBER: _ClassVar[int]
    LOOP_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    QUEUE_US_FIELD_NUMBER: _ClassVar[int]
    REQUEST_BYTES_FIELD_NUMBER: _ClassVar[int]
    RESULT_BYTES_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    RESULT_PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SERVER_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    TOOL_FIELD_NUMBER: _ClassVar[int]
    UPSTREAM_US_FIELD_NUMBER: _ClassVar[int]
    advice_reason: int
    advice_version: int
    arguments: CallContent
    call_id: int
    duration_us: int
    era: CallEra
    error_code: int
    loop: int
    outcome: CallOutcome
    principal: str
    queue_us: int
    request_bytes: int
    result: CallContent
    result_bytes: int
    result_payload: bytes
    sequence: int
    server: str
    session: str
    tool: str
    upstream_us: int
    def __init__(self, call_id: _Optional[int] = ..., session: _Optional[str] = ..., principal: _Optional[str] = ..., server: _Optional[str] = ..., tool: _Optional[str] = ..., era: _Optional[_Union[CallEra, str]] = ..., outcome: _Optional[_Union[CallOutcome, str]] = ..., error_code: _Optional[int] = ..., queue_us: _Optional[int] = ..., upstream_us: _Optional[int] = ..., duration_us: _Optional[int] = ..., advice_version: _Optional[int] = ..., advice_reason: _Optional[int] = ..., arguments: _Optional[_Union[CallContent, _Mapping]] = ..., result: _Optional[_Union[CallContent, _Mapping]] = ..., result_payload: _Optional[bytes] = ..., loop: _Optional[int] = ..., sequence: _Optional[int] = ..., request_bytes: _Optional[int] = ..., result_bytes: _Optional[int] = ...) -> None: ...

class MCPMessage(_message.Message):
    __slots__ = ["call", "message_type", "metadata", "payload", "timestamp"]
    class MetadataEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CALL_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_TYPE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    call: CallFacts
    message_type: str
    metadata: _containers.ScalarMap[str, str]
    payload: bytes
    timestamp: int
    def __init__(self, timestamp: _Optional[int] = ..., message_type: _Optional[str] = ..., payload: _Optional[bytes] = ..., metadata: _Optional[_Mapping[str, str]] = ..., call: _Optional[_Union[CallFacts, _Mapping]] = ...) -> None: ...

class CallEra(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class CallOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
