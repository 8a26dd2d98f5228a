/// Why a server's process could not be started; nothing is left running and no descriptor open.
package enum LaunchError: Error, Sendable, Equatable {
    /// No directory of the search path holds an executable of that name, or the path names no file.
    case commandNotFound(command: String, searchPath: String?)
    /// The file is there and is a directory, or lacks the execute permission.
    case notExecutable(path: String)
    /// The file is there but the interpreter in its first line, or its loader, is not.
    case interpreterNotFound(path: String)
    case workingDirectoryMissing(path: String)
    /// The command is empty, a text holds a NUL, or an environment name is empty or holds `=`.
    case invalidText(field: CommandField)
    /// The lifeline was started and ended before it was ready.
    case notReady(path: String, ProcessExit)
    /// Any other refusal of the operating system.
    case refused(path: String, errno: Int32)
}

/// The part of a command that an error is about.
package enum CommandField: Sendable, Equatable {
    case command
    case argument(index: Int)
    case environment(name: String)
    case workingDirectory
}

extension LaunchError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .commandNotFound(let command, let searchPath?):
            "command not found: \(command); it is in none of PATH=\(searchPath); "
                + "install it, or give its full path or another PATH in the server's env"
        case .commandNotFound(let command, nil):
            "command not found: \(command) is not there"
        case .notExecutable(let path):
            "not executable: \(path); check that it is a file and its permissions (chmod +x)"
        case .interpreterNotFound(let path):
            "cannot run \(path): the interpreter named in its first line, or its loader, was not found"
        case .workingDirectoryMissing(let path):
            "no such working directory: \(path)"
        case .invalidText(let field):
            "invalid \(field): it is empty or holds a character that no process can take"
        case .notReady(let path, let exit):
            "\(path) ended before it was ready: \(exit)"
        case .refused(let path, let errno):
            "cannot start \(path): \(SystemMessage.text(errno)) (errno \(errno))"
        }
    }
}

extension CommandField: CustomStringConvertible {
    package var description: String {
        switch self {
        case .command: "command"
        case .argument(let index): "argument \(index + 1)"
        case .environment(let name): "environment variable \(name.debugDescription)"
        case .workingDirectory: "working directory"
        }
    }
}
