from attune.schemas import message_pb2 as _message_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

AUDIT_PHASE_END: AuditPhase
AUDIT_PHASE_START: AuditPhase
AUDIT_PHASE_WHOLE: AuditPhase
DESCRIPTOR: _descriptor.FileDescriptor

class AuditAccess(_message.Message):
    __slots__ = ["more", "path", "principal", "reason", "status"]
    MORE_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    more: int
    path: str
    principal: str
    reason: str
    status: int
    def __init__(self, status: _Optional[int] = ..., path: _Optional[str] = ..., principal: _Optional[str] = ..., reason: _Optional[str] = ..., more: _Optional[int] = ...) -> None: ...

class AuditAct(_message.Message):
    __slots__ = ["action", "details", "origin", "outcome"]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    action: str
    details: _containers.RepeatedScalarFieldContainer[str]
    origin: str
    outcome: str
    def __init__(self, action: _Optional[str] = ..., origin: _Optional[str] = ..., outcome: _Optional[str] = ..., details: _Optional[_Iterable[str]] = ...) -> None: ...

class AuditCall(_message.Message):
    __slots__ = ["advice_version", "answer_bytes", "arguments", "call_id", "decisions", "duration_us", "error_code", "method", "outcome", "phase", "principal", "request_bytes", "result", "server", "session", "tool"]
    ADVICE_VERSION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_BYTES_FIELD_NUMBER: _ClassVar[int]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    DURATION_US_FIELD_NUMBER: _ClassVar[int]
    ERROR_CODE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_BYTES_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    SERVER_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    TOOL_FIELD_NUMBER: _ClassVar[int]
    advice_version: int
    answer_bytes: int
    arguments: _message_pb2.CallContent
    call_id: int
    decisions: _containers.RepeatedScalarFieldContainer[str]
    duration_us: int
    error_code: int
    method: str
    outcome: _message_pb2.CallOutcome
    phase: AuditPhase
    principal: str
    request_bytes: int
    result: _message_pb2.CallContent
    server: str
    session: str
    tool: str
    def __init__(self, phase: _Optional[_Union[AuditPhase, str]] = ..., call_id: _Optional[int] = ..., principal: _Optional[str] = ..., session: _Optional[str] = ..., server: _Optional[str] = ..., tool: _Optional[str] = ..., method: _Optional[str] = ..., outcome: _Optional[_Union[_message_pb2.CallOutcome, str]] = ..., error_code: _Optional[int] = ..., duration_us: _Optional[int] = ..., request_bytes: _Optional[int] = ..., answer_bytes: _Optional[int] = ..., arguments: _Optional[_Union[_message_pb2.CallContent, _Mapping]] = ..., result: _Optional[_Union[_message_pb2.CallContent, _Mapping]] = ..., advice_version: _Optional[int] = ..., decisions: _Optional[_Iterable[str]] = ...) -> None: ...

class AuditChange(_message.Message):
    __slots__ = ["changes", "digest", "file"]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedScalarFieldContainer[str]
    digest: bytes
    file: str
    def __init__(self, file: _Optional[str] = ..., digest: _Optional[bytes] = ..., changes: _Optional[_Iterable[str]] = ...) -> None: ...

class AuditEntry(_message.Message):
    __slots__ = ["access", "act", "call", "change", "findings", "gap", "run", "sequence", "timestamp"]
    ACCESS_FIELD_NUMBER: _ClassVar[int]
    ACT_FIELD_NUMBER: _ClassVar[int]
    CALL_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    access: AuditAccess
    act: AuditAct
    call: AuditCall
    change: AuditChange
    findings: AuditFindings
    gap: AuditGap
    run: AuditRun
    sequence: int
    timestamp: int
    def __init__(self, sequence: _Optional[int] = ..., timestamp: _Optional[int] = ..., call: _Optional[_Union[AuditCall, _Mapping]] = ..., access: _Optional[_Union[AuditAccess, _Mapping]] = ..., act: _Optional[_Union[AuditAct, _Mapping]] = ..., change: _Optional[_Union[AuditChange, _Mapping]] = ..., run: _Optional[_Union[AuditRun, _Mapping]] = ..., gap: _Optional[_Union[AuditGap, _Mapping]] = ..., findings: _Optional[_Union[AuditFindings, _Mapping]] = ...) -> None: ...

class AuditFindings(_message.Message):
    __slots__ = ["findings"]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, findings: _Optional[_Iterable[str]] = ...) -> None: ...

class AuditGap(_message.Message):
    __slots__ = ["lost", "reason", "refused", "until"]
    FROM_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    lost: int
    reason: str
    refused: int
    until: int
    def __init__(self, until: _Optional[int] = ..., lost: _Optional[int] = ..., refused: _Optional[int] = ..., reason: _Optional[str] = ..., **kwargs) -> None: ...

class AuditRun(_message.Message):
    __slots__ = ["log_id", "process_id", "public_key", "started", "version"]
    LOG_ID_FIELD_NUMBER: _ClassVar[int]
    PROCESS_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    log_id: bytes
    process_id: int
    public_key: bytes
    started: bool
    version: str
    def __init__(self, started: bool = ..., version: _Optional[str] = ..., process_id: _Optional[int] = ..., public_key: _Optional[bytes] = ..., log_id: _Optional[bytes] = ...) -> None: ...

class AuditPhase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
