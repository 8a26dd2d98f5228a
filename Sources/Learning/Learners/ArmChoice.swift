/// An arm that was chosen, and with which probability: what off-policy estimates need of a log.
package struct ArmChoice: Sendable, Equatable {
    /// The place among the arms that were offered.
    package var place: Int
    /// The exact probability of this choice, above 0.
    package var propensity: Float

    package init(place: Int, propensity: Float) {
        self.place = place
        self.propensity = propensity
    }
}
