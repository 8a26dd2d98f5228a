/// `[experiments.NAME]`: a comparison of arms of one knob.
package struct ExperimentConfiguration: Sendable, Equatable {
    /// What keeps its arm.
    package enum Assignment: String, Sendable, CaseIterable { case principal, session, call }

    package var name: String
    package var knob: String
    /// Two or more.
    package var arms: [String]
    package var assignment: Assignment
    /// The metric that decides.
    package var primary: String
    /// The metrics that stop the experiment when they get worse.
    package var guardrails: [String]
    /// The least number of units in an arm before anything is decided.
    package var minimumSample: Int

    package init(
        name: String, knob: String, arms: [String], assignment: Assignment = .session, primary: String,
        guardrails: [String] = [], minimumSample: Int = 1000
    ) {
        self.name = name
        self.knob = knob
        self.arms = arms
        self.assignment = assignment
        self.primary = primary
        self.guardrails = guardrails
        self.minimumSample = minimumSample
    }
}
