"""What the gateway and the learner keep on disk, as Protocol Buffers (`pip install attune[schemas]`).

from attune.schemas import JournalEntry

entry = JournalEntry.FromString(value)

The modules `*_pb2` are written by protoc from `Sources/Persistence/Schemas/attune/*.proto`, where
`generate.sh` in the folder above has the command; messages that are not named here are in them.
"""

try:
    import google.protobuf as _runtime  # noqa: F401
except ImportError as error:
    raise ImportError("attune.schemas needs protobuf: pip install 'attune[schemas]'") from error

from attune.schemas.adaptation_pb2 import (
    ArmSummary,
    AssignmentUnit,
    Experiment,
    ExperimentArm,
    ExperimentAssignment,
    ExperimentMetric,
    ExperimentObservation,
    ExperimentOutcome,
    ExperimentState,
    ExperimentVerdict,
    KnobRange,
    KnobValue,
    MetricGoal,
    MetricSummary,
    Policy,
    PolicyMode,
    PolicyScope,
)
from attune.schemas.audit_pb2 import (
    AuditAccess,
    AuditAct,
    AuditCall,
    AuditChange,
    AuditEntry,
    AuditFindings,
    AuditGap,
    AuditPhase,
    AuditRun,
)
from attune.schemas.journal_pb2 import JournalEntry, JournalGap
from attune.schemas.learning_pb2 import (
    Candidate,
    Feature,
    Label,
    LearningData,
    LearningModel,
    Prediction,
    TrainingData,
    Vector,
)
from attune.schemas.message_pb2 import CallContent, CallEra, CallFacts, CallOutcome, MCPMessage

__all__ = [
    "ArmSummary",
    "AssignmentUnit",
    "AuditAccess",
    "AuditAct",
    "AuditCall",
    "AuditChange",
    "AuditEntry",
    "AuditFindings",
    "AuditGap",
    "AuditPhase",
    "AuditRun",
    "CallContent",
    "CallEra",
    "CallFacts",
    "CallOutcome",
    "Candidate",
    "Experiment",
    "ExperimentArm",
    "ExperimentAssignment",
    "ExperimentMetric",
    "ExperimentObservation",
    "ExperimentOutcome",
    "ExperimentState",
    "ExperimentVerdict",
    "Feature",
    "JournalEntry",
    "JournalGap",
    "KnobRange",
    "KnobValue",
    "Label",
    "LearningData",
    "LearningModel",
    "MCPMessage",
    "MetricGoal",
    "MetricSummary",
    "Policy",
    "PolicyMode",
    "PolicyScope",
    "Prediction",
    "TrainingData",
    "Vector",
]
