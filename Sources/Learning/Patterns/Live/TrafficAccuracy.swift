import Learners

/// How good the predictions of live traffic were, by task.
package struct TrafficAccuracy: Sendable, Equatable {
    package enum Task: String, Sendable, CaseIterable {
        case nextTool = "next-tool"
        case nextCall = "next-call"
        case failure, latency, cacheability

        /// What is measured, in the order of a row.
        package var measures: [StaticString] {
            switch self {
            case .nextTool: ["top1", "top3", "bits"]
            case .nextCall: ["top1"]
            case .failure, .cacheability: ["brier"]
            case .latency: ["pinball95", "coverage95"]
            }
        }
    }

    private var tasks = Task.allCases.map { PrequentialAccuracy(measures: $0.measures.count) }

    package init() {}

    package internal(set) subscript(task: Task) -> PrequentialAccuracy {
        get { tasks[Self.place(task)] }
        _modify { yield &tasks[Self.place(task)] }
    }

    private static func place(_ task: Task) -> Int {
        switch task {
        case .nextTool: 0
        case .nextCall: 1
        case .failure: 2
        case .latency: 3
        case .cacheability: 4
        }
    }

    var memoryBytes: Int { tasks.reduce(0) { $0 + $1.memoryBytes } }

    func save(to encoder: inout ByteEncoder) { for task in tasks { task.save(to: &encoder) } }

    /// nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        for (index, task) in Task.allCases.enumerated() {
            let measures = task.measures.count
            guard let read = PrequentialAccuracy(measures: measures, restoring: &decoder) else { return nil }
            tasks[index] = read
        }
    }
}
