/// Why a store did not do what it was asked.
public enum StorageError: Error, Equatable, Sendable {
    /// What was going on.
    public enum Activity: String, Equatable, Sendable, CaseIterable {
        case open, read, write, sync, checkpoint, compact
        case catchUp = "catch up"
    }

    /// What is limited, by `StorageLimits`.
    public enum Bound: Equatable, Sendable {
        case keyBytes, valueBytes, batchBytes, batchOperations
    }

    /// What a directory holds in place of the store that was looked for.
    public enum Strange: Equatable, Sendable {
        /// Files, and no mark of this program.
        case unmarked
        /// A mark that this program can't read.
        case mark
        /// A store of this program, for something else.
        case purpose(String)
        /// Values that are sealed, where they are not to be.
        case sealed
        /// Values that are not sealed, where they are to be.
        case unsealed
    }

    case closed
    case unknownFamily(String)
    case malformedFamily(String)
    case tooLarge(Bound, found: Int, limit: Int)
    /// So many batches wait already.
    case queueFull(waiting: Int)
    case missing(path: String)
    /// A checkpoint is made only where nothing is.
    case occupied(path: String)
    /// Another process, or this one, has it open.
    case locked(path: String)
    case foreign(path: String, Strange)
    case unsupportedFormat(path: String, found: UInt32, supported: UInt32)
    case corrupt(Activity, detail: String)
    case noSpace(Activity)
    /// The disk or the system failed.
    case inputOutput(Activity, detail: String)
    /// An earlier failure left the end of the log in doubt: it reads, and writes again after it was reopened.
    case stopped
    /// The keys that its values are sealed with can't be had.
    case key(KeyFault)

    /// True if what was asked for was wrong, and nothing is wrong with the store.
    public var isRefusal: Bool {
        switch self {
        case .unknownFamily, .malformedFamily, .tooLarge, .queueFull, .occupied: true
        case .closed, .missing, .locked, .foreign, .unsupportedFormat, .corrupt, .noSpace, .inputOutput,
            .stopped, .key:
            false
        }
    }
}

extension StorageError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .closed: "the store is closed"
        case .unknownFamily(let name): "the store has no column family \"\(name)\""
        case .malformedFamily(let name): "\"\(name)\" can't be the name of a column family"
        case .tooLarge(let bound, let found, let limit): "\(bound) are \(found), at most \(limit) are taken"
        case .queueFull(let waiting): "\(waiting) writes wait already"
        case .missing(let path): "there is no store at \(path)"
        case .occupied(let path): "\(path) is there already"
        case .locked(let path): "the store at \(path) is in use by another process"
        case .foreign(let path, let strange): "\(path) is not this store: \(strange)"
        case .unsupportedFormat(let path, let found, let supported):
            "the store at \(path) has format \(found); this program reads \(supported)"
        case .corrupt(let activity, let detail): "the store is damaged (\(activity.rawValue)): \(detail)"
        case .noSpace(let activity): "there is no space left on the disk to \(activity.rawValue)"
        case .inputOutput(let activity, let detail): "the disk failed at \(activity.rawValue): \(detail)"
        case .stopped: "the store takes no writes since one failed, until it is opened again"
        case .key(let fault): fault.description
        }
    }
}

extension StorageError.Strange: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unmarked: "it holds files that Attune didn't write"
        case .mark: "its file STORE is not one of Attune's"
        case .purpose(let name): "it is Attune's store of the \(name)"
        case .sealed: "its values are sealed, and [persistence] encrypt is false"
        case .unsealed: "its values are not sealed, and [persistence] encrypt is true"
        }
    }
}
