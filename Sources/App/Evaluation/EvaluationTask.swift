/// What can be evaluated on data files.
package enum EvaluationTask: String, Sendable, CaseIterable {
    case nextTool = "next-tool"
    case nextCall = "next-call"
    case anomalyResult = "anomaly-result"
    case cluster
}
