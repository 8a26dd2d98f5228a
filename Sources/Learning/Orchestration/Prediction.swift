import Wire

/// What a Python program says will be: a JSON object with `task`, `subject` and `value` that is published as
/// `prediction/TASK/SUBJECT`.
package struct Prediction: Sendable, Equatable {
    package static let mostBytes = 4096
    package static let mostNameBytes = 100
    /// How long a prediction holds unless it says otherwise with `ttl_s`.
    package static let lifetime = Duration.seconds(3600)
    package static let longestLifetime = Duration.seconds(86_400)

    package let task: String
    package let subject: String
    /// The whole object as it was sent.
    package let json: [UInt8]
    package let lifetime: Duration

    /// nil unless it is what a prediction must be.
    package init?(json: [UInt8]) {
        guard json.count <= Self.mostBytes,
            let view = try? JSONView(validating: json, limits: ScanLimits(maxBytes: Self.mostBytes)),
            view.kind == .object, let task = view["task"]?.string, Self.isName(task), !task.contains("/"),
            let subject = view["subject"]?.string, Self.isName(subject), view["value"] != nil
        else { return nil }
        self.task = task
        self.subject = subject
        self.json = json
        if let seconds = view["ttl_s"] {
            guard let number = seconds.double, number > 0 else { return nil }
            lifetime = min(Self.longestLifetime, .seconds(min(number, 1e6)))
        } else {
            lifetime = Self.lifetime
        }
    }

    package var key: [UInt8]? { LearnerKeys.prediction(task: task, subject: subject) }

    private static func isName(_ text: String) -> Bool {
        (1...mostNameBytes).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0.value > 31 && $0.value != 127 }
    }
}
