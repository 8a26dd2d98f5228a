/// `[policy.KNOB]`: what one learned policy may do.
package struct PolicyConfiguration: Sendable, Equatable {
    package enum Mode: String, Sendable, CaseIterable { case off, observe, suggest, act }

    package var knob: String
    package var mode: Mode
    /// The limits of the knob itself, by key.
    package var limits: [String: ConfigurationValue]

    package init(knob: String, mode: Mode = .observe, limits: [String: ConfigurationValue] = [:]) {
        self.knob = knob
        self.mode = mode
        self.limits = limits
    }
}
