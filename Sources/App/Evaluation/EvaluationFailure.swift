/// Why something could not be evaluated.
package enum EvaluationFailure: Error, Equatable {
    case unreadable(path: String, reason: String)
    /// A compressed file that is damaged or cut, or holds more than `Gzip.mostBytes`.
    case damagedArchive(path: String)
    /// A line that is no JSON object, or lacks a field.
    case malformedLine(path: String, line: Int, reason: String)
    /// No row of the files is one that the task can use.
    case noRows
    case unwritable(path: String, reason: String)
    /// `--leave-group-out` without the groups.
    case noGroups
    /// `retrieve` without a catalogue.
    case noCatalog
}
