/// What can be evaluated on data files.
package enum EvaluationTask: String, Sendable, CaseIterable {
    case nextTool = "next-tool"
    case nextCall = "next-call"
    case anomalyResult = "anomaly-result"
    case anomalySession = "anomaly-session"
    case cluster
    case failure
    case latency
    case bandit
    case ab
    case prefetchPolicy = "prefetch-policy"
    case retrieve
    case cacheability
    case series

    /// What is measured, in a few words.
    package var summary: String {
        switch self {
        case .nextTool: "which tool is called next"
        case .nextCall: "which call comes next, with its arguments"
        case .anomalyResult: "which results hold foreign text"
        case .anomalySession: "which sessions an attacker took over"
        case .cluster: "which sessions belong together"
        case .failure: "how likely each call, or run of an agent, is to fail"
        case .cacheability: "whether a call gives again what it gave another session"
        case .series: "where series of numbers are unusual"
        case .retrieve: "which tools of --catalog a question in words asks for"
        case .ab: "how soon a test tells two agents apart, and how often it does so by mistake"
        case .prefetchPolicy: "what a session's budget of prefetched calls saves of its waits"
        case .bandit: "which agent to give a task to"
        case .latency: "a bound that 95 % of the calls, or runs, keep"
        }
    }
}
