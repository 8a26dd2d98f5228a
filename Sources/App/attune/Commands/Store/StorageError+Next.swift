import Storage

extension StorageError {
    /// What an operator does about it.
    var next: String {
        switch self {
        case .missing:
            "name the gateway's configuration with --config FILE; [persistence] rocksdb_path holds the stores"
        case .locked: "stop the gateway that has it open, and run the command again"
        case .occupied: "name a directory that isn't there yet"
        case .foreign(_, .sealed): "set [persistence] encrypt = true"
        case .foreign(_, .unsealed):
            "run `attune keys init --adopt` and start the gateway, which seals them, or set encrypt = false"
        case .foreign: "check [persistence] rocksdb_path"
        case .unsupportedFormat: "use the version of Attune that wrote it"
        case .corrupt: "run `attune store verify` to see how far it goes, and go back to a checkpoint"
        case .noSpace: "make room on its disk, and run the command again"
        case .inputOutput: "check the disk and the permissions of the directory"
        case .unknownFamily: "run `attune store stats` to see its column families"
        case .malformedFamily: "a name is 1 to 32 of a-z, 0-9 and -"
        case .key(let fault): fault.next
        case .closed, .stopped, .tooLarge, .queueFull: "run the command again"
        }
    }
}
