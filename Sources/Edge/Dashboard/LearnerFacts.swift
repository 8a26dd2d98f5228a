/// How the learner is, and what it has done since the gateway's start.
package struct LearnerFacts: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// `[learning] mode` is off.
        case off
        /// Its process was started, or somebody else is to start it, and it has not attached yet.
        case waiting
        /// It is attached and works.
        case attached
        /// It is attached and has not been heard of for some seconds.
        case stalled
    }

    package var state: State
    /// As `[learning] mode` says.
    package var mode: String
    /// Nil while no process is known.
    package var processID: Int32?
    /// Published records that it has not read yet, of all rings.
    package var lagRecords: UInt64 = 0
    /// How long it has not moved on in a ring that has unread records; 0 when it has read everything.
    package var lagMilliseconds: UInt64 = 0
    package var restarts: UInt64 = 0
    /// Of its segment; 0 without one.
    package var generation: UInt64 = 0
    /// How its memory and processor time are bounded; empty if they are not.
    package var limits = ""
    package var records: UInt64 = 0
    package var lost: UInt64 = 0
    package var rejected: UInt64 = 0
    package var unnamed: UInt64 = 0
    package var commands: UInt64 = 0
    package var refusedCommands: UInt64 = 0
    package var lostCommands: UInt64 = 0
    package var predictions: UInt64 = 0
    package var tools = 0
    package var processorSeconds = 0.0
    package var residentBytes = 0
    /// What it knows, in the form in which it is saved.
    package var stateBytes = 0
    /// Calls that were taken from the journal.
    package var recovered: UInt64 = 0
    /// Runs of calls that are still looked for in the journal.
    package var recovering = 0
    /// The version of its model that it uses; empty without one.
    package var head = ""
    package var version: UInt64 = 0
    /// When that version was made, since 1970.
    package var committedMicroseconds: UInt64 = 0
    /// Why versions can't be kept or the journal not be read; empty if all is well.
    package var fault = ""
    /// Python programs that are attached.
    package var workers: [String] = []

    package init(state: State, mode: String, processID: Int32? = nil) {
        self.state = state
        self.mode = mode
        self.processID = processID
    }
}
