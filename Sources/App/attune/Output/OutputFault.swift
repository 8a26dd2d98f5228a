/// Why data went only in part to where it was to go.
enum OutputFault: Error, Equatable {
    case noSpace
    /// What read it ended first.
    case readerGone
    case other(Int32)

    /// What to do next.
    var next: String {
        switch self {
        case .noSpace: "make room on the disk, or name a file on another one with --output"
        case .readerGone: "see why the program behind the pipe ended, or name a file with --output"
        case .other: "check the disk, or name another file with --output"
        }
    }
}

extension OutputFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .noSpace: "there is no space left"
        case .readerGone: "the program that read it has ended"
        case .other(let code): SystemText.of(code)
        }
    }
}
