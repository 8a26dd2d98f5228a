import Wire

/// What goes on right now, by server and tool, and how the learner keeps up with it.
package struct TopReport: Sendable {
    package struct Server: Sendable {
        package var name: String
        package var state: String
        package var calls: UInt64 = 0
        package var errors: UInt64 = 0
        package var callsPerSecond = 0.0
        package var errorsPerSecond = 0.0

        package init(name: String, state: String) {
            self.name = name
            self.state = state
        }
    }

    package struct Tool: Sendable {
        package var server: String
        package var tool: String
        package var calls: UInt64
        package var errors: UInt64
        /// Microseconds, as all durations.
        package var medianMicroseconds: UInt64
        package var p99Microseconds: UInt64
        package var callsPerSecond: Double
        package var errorsPerSecond: Double

        package init(
            server: String, tool: String, calls: UInt64, errors: UInt64, medianMicroseconds: UInt64,
            p99Microseconds: UInt64, callsPerSecond: Double = 0, errorsPerSecond: Double = 0
        ) {
            self.server = server
            self.tool = tool
            self.calls = calls
            self.errors = errors
            self.medianMicroseconds = medianMicroseconds
            self.p99Microseconds = p99Microseconds
            self.callsPerSecond = callsPerSecond
            self.errorsPerSecond = errorsPerSecond
        }
    }

    /// An observation ring as its slowest reader sees it: the learner.
    package struct Ring: Sendable {
        package var loop: Int
        /// The share, from 0 to 1, that is published and not read yet.
        package var fill: Double
        /// Records ever.
        package var published: UInt64
        /// Records that the learner did not get to in time.
        package var lost: UInt64

        package init(loop: Int, fill: Double, published: UInt64, lost: UInt64) {
            self.loop = loop
            self.fill = fill
            self.published = published
            self.lost = lost
        }
    }

    /// What a Python program has published; the text is a JSON object.
    package struct Prediction: Sendable {
        package var task: String
        package var subject: String
        package var json: [UInt8]

        /// nil unless the text is a JSON object.
        package init?(task: String, subject: String, json: [UInt8]) {
            guard let view = try? JSONView(validating: json), view.kind == .object else { return nil }
            self.task = task
            self.subject = subject
            self.json = json
        }
    }

    /// Microseconds since 1970.
    package var atMicroseconds: UInt64
    /// In the configuration's order.
    package var servers: [Server]
    /// The most called first.
    package var tools: [Tool]
    package var rings: [Ring]
    package var learner: LearnerFacts
    package var predictions: [Prediction]

    package init(
        atMicroseconds: UInt64, servers: [Server], tools: [Tool], rings: [Ring], learner: LearnerFacts,
        predictions: [Prediction] = []
    ) {
        self.atMicroseconds = atMicroseconds
        self.servers = servers
        self.tools = tools
        self.rings = rings
        self.learner = learner
        self.predictions = predictions
        countServers()
    }

    /// Sums what is known of each server's tools.
    private mutating func countServers() {
        for index in servers.indices {
            for tool in tools where tool.server == servers[index].name {
                servers[index].calls &+= tool.calls
                servers[index].errors &+= tool.errors
                servers[index].callsPerSecond += tool.callsPerSecond
                servers[index].errorsPerSecond += tool.errorsPerSecond
            }
        }
    }
}
