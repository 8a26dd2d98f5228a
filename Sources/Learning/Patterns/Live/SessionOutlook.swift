/// What is to be expected of a session.
package struct SessionOutlook: Sendable, Equatable {
    /// A call that may come next.
    package struct Next: Sendable, Equatable {
        package var server: String
        package var tool: String
        /// Canonical JSON; nil where only the tool is known.
        package var arguments: [UInt8]?
        package var probability: Float
    }

    package var name: String
    package var agent: String
    package var principal: String
    package var calls: UInt64
    /// When its latest call ended, since 1970.
    package var atMicroseconds: UInt64
    package var next: [Next]
    /// That it was taken over.
    package var suspicion: Float
    package var anomalies: UInt64
}
