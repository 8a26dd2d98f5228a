/// What a process attaches to the gateway as.
package enum AttachRole: String, Sendable, CaseIterable, Codable {
    /// The one learner, which has a segment of its own.
    case learner
    /// A program that computes beside the learner, such as one in Python, with a segment of its own.
    case worker
    /// Reads only and has no segment.
    case viewer
}
