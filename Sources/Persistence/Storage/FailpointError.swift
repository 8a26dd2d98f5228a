/// Why failpoints can't be armed as the environment asks.
public enum FailpointError: Error, Equatable, Sendable {
    case unknown(String)
    case unknownAction(String)
    /// It is reached where nothing can fail.
    case cannotFail(Failpoint)
    case malformed(String)
    case tooMany(Int, limit: Int)
}

extension FailpointError: CustomStringConvertible {
    /// A sentence for whoever wrote the variable.
    public var description: String {
        switch self {
        case .unknown(let name): "there is no failpoint \"\(name)\"; docs/faults.md lists them"
        case .unknownAction(let text):
            "\"\(text)\" is not kill, error, nospace, delay or delay(MILLISECONDS up to 60000)"
        case .cannotFail(let point): "nothing can fail at \(point.rawValue); it takes kill and delay"
        case .malformed(let text): "\"\(text)\" is not NAME[:N]=ACTION with N from 1"
        case .tooMany(let count, let limit): "\(count) failpoints are named, at most \(limit) are taken"
        }
    }
}
