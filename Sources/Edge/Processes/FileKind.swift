import Glibc

/// What a path leads to, links followed.
enum FileKind: Equatable {
    case missing
    case directory
    /// A regular file that this program may execute.
    case executable
    case other

    init(path: String) {
        var status = stat()
        // Proof: `stat` reads the terminated copy of the path and writes one `stat` structure.
        guard unsafe stat(path, &status) == 0 else {
            self = .missing
            return
        }
        // Proof: `access` only reads the terminated copy of the path.
        let mayExecute = unsafe access(path, X_OK) == 0
        switch status.st_mode & S_IFMT {
        case S_IFDIR: self = .directory
        case S_IFREG where mayExecute: self = .executable
        default: self = .other
        }
    }
}
