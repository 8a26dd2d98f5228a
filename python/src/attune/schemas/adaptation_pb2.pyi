from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

ASSIGNMENT_UNIT_CALL: AssignmentUnit
ASSIGNMENT_UNIT_PRINCIPAL: AssignmentUnit
ASSIGNMENT_UNIT_SESSION: AssignmentUnit
DESCRIPTOR: _descriptor.FileDescriptor
EXPERIMENT_STATE_DRAFT: ExperimentState
EXPERIMENT_STATE_ENDED: ExperimentState
EXPERIMENT_STATE_RUNNING: ExperimentState
EXPERIMENT_VERDICT_GUARDRAIL: ExperimentVerdict
EXPERIMENT_VERDICT_NO_DIFFERENCE: ExperimentVerdict
EXPERIMENT_VERDICT_OPEN: ExperimentVerdict
EXPERIMENT_VERDICT_SAMPLE_RATIO: ExperimentVerdict
EXPERIMENT_VERDICT_STOPPED: ExperimentVerdict
EXPERIMENT_VERDICT_WINNER: ExperimentVerdict
METRIC_GOAL_HIGHER: MetricGoal
METRIC_GOAL_LOWER: MetricGoal
POLICY_MODE_ACT: PolicyMode
POLICY_MODE_OBSERVE: PolicyMode
POLICY_MODE_OFF: PolicyMode
POLICY_MODE_SUGGEST: PolicyMode

class ArmSummary(_message.Message):
    __slots__ = ["arm", "metrics", "units"]
    ARM_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    arm: str
    metrics: _containers.RepeatedCompositeFieldContainer[MetricSummary]
    units: int
    def __init__(self, arm: _Optional[str] = ..., units: _Optional[int] = ..., metrics: _Optional[_Iterable[_Union[MetricSummary, _Mapping]]] = ...) -> None: ...

class Experiment(_message.Message):
    __slots__ = ["arms", "author", "created_at", "ended_at", "error_rate", "guardrails", "knob", "minimum_sample", "name", "outcome", "primary", "promotes", "reason", "salt", "scope", "started_at", "state", "unit", "version"]
    ARMS_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    ERROR_RATE_FIELD_NUMBER: _ClassVar[int]
    GUARDRAILS_FIELD_NUMBER: _ClassVar[int]
    KNOB_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_FIELD_NUMBER: _ClassVar[int]
    PROMOTES_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SALT_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    arms: _containers.RepeatedCompositeFieldContainer[ExperimentArm]
    author: str
    created_at: int
    ended_at: int
    error_rate: float
    guardrails: _containers.RepeatedCompositeFieldContainer[ExperimentMetric]
    knob: str
    minimum_sample: int
    name: str
    outcome: ExperimentOutcome
    primary: ExperimentMetric
    promotes: bool
    reason: str
    salt: bytes
    scope: PolicyScope
    started_at: int
    state: ExperimentState
    unit: AssignmentUnit
    version: int
    def __init__(self, name: _Optional[str] = ..., knob: _Optional[str] = ..., scope: _Optional[_Union[PolicyScope, _Mapping]] = ..., version: _Optional[int] = ..., arms: _Optional[_Iterable[_Union[ExperimentArm, _Mapping]]] = ..., unit: _Optional[_Union[AssignmentUnit, str]] = ..., salt: _Optional[bytes] = ..., primary: _Optional[_Union[ExperimentMetric, _Mapping]] = ..., guardrails: _Optional[_Iterable[_Union[ExperimentMetric, _Mapping]]] = ..., minimum_sample: _Optional[int] = ..., error_rate: _Optional[float] = ..., promotes: bool = ..., state: _Optional[_Union[ExperimentState, str]] = ..., author: _Optional[str] = ..., reason: _Optional[str] = ..., created_at: _Optional[int] = ..., started_at: _Optional[int] = ..., ended_at: _Optional[int] = ..., outcome: _Optional[_Union[ExperimentOutcome, _Mapping]] = ...) -> None: ...

class ExperimentArm(_message.Message):
    __slots__ = ["name", "share", "value"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    share: float
    value: KnobValue
    def __init__(self, name: _Optional[str] = ..., value: _Optional[_Union[KnobValue, _Mapping]] = ..., share: _Optional[float] = ...) -> None: ...

class ExperimentAssignment(_message.Message):
    __slots__ = ["arm", "experiment", "timestamp", "unit"]
    ARM_FIELD_NUMBER: _ClassVar[int]
    EXPERIMENT_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    arm: str
    experiment: str
    timestamp: int
    unit: str
    def __init__(self, experiment: _Optional[str] = ..., unit: _Optional[str] = ..., arm: _Optional[str] = ..., timestamp: _Optional[int] = ...) -> None: ...

class ExperimentMetric(_message.Message):
    __slots__ = ["goal", "margin", "name"]
    GOAL_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    goal: MetricGoal
    margin: float
    name: str
    def __init__(self, name: _Optional[str] = ..., goal: _Optional[_Union[MetricGoal, str]] = ..., margin: _Optional[float] = ...) -> None: ...

class ExperimentObservation(_message.Message):
    __slots__ = ["arm", "call_id", "experiment", "metrics", "timestamp", "unit"]
    class MetricsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    ARM_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    EXPERIMENT_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    arm: str
    call_id: int
    experiment: str
    metrics: _containers.ScalarMap[str, float]
    timestamp: int
    unit: str
    def __init__(self, experiment: _Optional[str] = ..., unit: _Optional[str] = ..., arm: _Optional[str] = ..., timestamp: _Optional[int] = ..., metrics: _Optional[_Mapping[str, float]] = ..., call_id: _Optional[int] = ...) -> None: ...

class ExperimentOutcome(_message.Message):
    __slots__ = ["arm", "arms", "reason", "verdict"]
    ARMS_FIELD_NUMBER: _ClassVar[int]
    ARM_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    arm: str
    arms: _containers.RepeatedCompositeFieldContainer[ArmSummary]
    reason: str
    verdict: ExperimentVerdict
    def __init__(self, verdict: _Optional[_Union[ExperimentVerdict, str]] = ..., arm: _Optional[str] = ..., reason: _Optional[str] = ..., arms: _Optional[_Iterable[_Union[ArmSummary, _Mapping]]] = ...) -> None: ...

class KnobRange(_message.Message):
    __slots__ = ["choices", "least", "most"]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    choices: _containers.RepeatedCompositeFieldContainer[KnobValue]
    least: KnobValue
    most: KnobValue
    def __init__(self, least: _Optional[_Union[KnobValue, _Mapping]] = ..., most: _Optional[_Union[KnobValue, _Mapping]] = ..., choices: _Optional[_Iterable[_Union[KnobValue, _Mapping]]] = ...) -> None: ...

class KnobValue(_message.Message):
    __slots__ = ["duration_us", "flag", "integer", "number", "text"]
    DURATION_US_FIELD_NUMBER: _ClassVar[int]
    FLAG_FIELD_NUMBER: _ClassVar[int]
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    duration_us: int
    flag: bool
    integer: int
    number: float
    text: str
    def __init__(self, flag: bool = ..., integer: _Optional[int] = ..., number: _Optional[float] = ..., text: _Optional[str] = ..., duration_us: _Optional[int] = ...) -> None: ...

class MetricSummary(_message.Message):
    __slots__ = ["count", "lower", "mean", "name", "squares", "upper"]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SQUARES_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    count: int
    lower: float
    mean: float
    name: str
    squares: float
    upper: float
    def __init__(self, name: _Optional[str] = ..., count: _Optional[int] = ..., mean: _Optional[float] = ..., squares: _Optional[float] = ..., lower: _Optional[float] = ..., upper: _Optional[float] = ...) -> None: ...

class Policy(_message.Message):
    __slots__ = ["author", "default_value", "evidence", "frozen", "knob", "mode", "model_version", "reason", "safe_range", "scope", "timestamp", "value", "version"]
    class EvidenceEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    FROZEN_FIELD_NUMBER: _ClassVar[int]
    KNOB_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SAFE_RANGE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    author: str
    default_value: KnobValue
    evidence: _containers.ScalarMap[str, float]
    frozen: bool
    knob: str
    mode: PolicyMode
    model_version: str
    reason: str
    safe_range: KnobRange
    scope: PolicyScope
    timestamp: int
    value: KnobValue
    version: int
    def __init__(self, knob: _Optional[str] = ..., scope: _Optional[_Union[PolicyScope, _Mapping]] = ..., version: _Optional[int] = ..., mode: _Optional[_Union[PolicyMode, str]] = ..., value: _Optional[_Union[KnobValue, _Mapping]] = ..., default_value: _Optional[_Union[KnobValue, _Mapping]] = ..., safe_range: _Optional[_Union[KnobRange, _Mapping]] = ..., frozen: bool = ..., author: _Optional[str] = ..., timestamp: _Optional[int] = ..., reason: _Optional[str] = ..., evidence: _Optional[_Mapping[str, float]] = ..., model_version: _Optional[str] = ...) -> None: ...

class PolicyScope(_message.Message):
    __slots__ = ["principal", "server", "tool"]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    SERVER_FIELD_NUMBER: _ClassVar[int]
    TOOL_FIELD_NUMBER: _ClassVar[int]
    principal: str
    server: str
    tool: str
    def __init__(self, server: _Optional[str] = ..., tool: _Optional[str] = ..., principal: _Optional[str] = ...) -> None: ...

class PolicyMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AssignmentUnit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class MetricGoal(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ExperimentState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ExperimentVerdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
