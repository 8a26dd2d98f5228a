"""What is mapped at one moment: the segments of the core and the learner, with what is found in them."""

from __future__ import annotations

from attune.commands import CommandReader
from attune.layout import SectionKind
from attune.names import CoreNames
from attune.observations import ObservationRing, rings
from attune.segment import Segment
from attune.table import StateTable


class Attachment:
    """An unchanging set of mappings; another one takes its place when a process was restarted."""

    def __init__(self, core: Segment, learner: Segment | None) -> None:
        self.core = core
        self.learner = learner
        self.core_tables = tables(core)
        self.names = CoreNames(self.core_tables)
        self.rings: list[ObservationRing] = rings(core, self.names)
        self.learner_tables = [] if learner is None else tables(learner)

    @property
    def generation(self) -> int:
        """The incarnation of the core."""
        return self.core.generation

    def ring_at(self, address: int) -> ObservationRing | None:
        """The ring in whose mapping a record lies."""
        return next((ring for ring in self.rings if ring.holds(address)), None)

    def ring_of(self, loop: int) -> ObservationRing | None:
        """The ring of a loop."""
        return next((ring for ring in self.rings if ring.loop == loop), None)

    def command_readers(self, *, from_start: bool) -> list[CommandReader]:
        """Readers of the learner's messages, the most urgent lane first."""
        if self.learner is None:
            return []
        lanes = self.learner.sections(SectionKind.COMMANDS)
        return [CommandReader(self.learner, lane, from_start=from_start) for lane in lanes]


def tables(segment: Segment) -> list[StateTable]:
    """The state tables of a segment; one with a damaged head counts as absent."""
    found = []
    for section in segment.sections(SectionKind.TABLE):
        try:
            found.append(StateTable(segment, section))
        except ValueError:
            continue
    return found
