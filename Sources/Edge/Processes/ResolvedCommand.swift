import FoundationEssentials

/// A command made ready for the operating system: every path absolute, the environment complete.
struct ResolvedCommand: Sendable, Equatable {
    let program: String
    /// What the process finds as its own name (`argv[0]`); nil: `program`.
    var name: String?
    let arguments: [String]
    let environment: [String: String]
    /// Nil: the gateway's own.
    let workingDirectory: String?
}

extension ResolvedCommand {
    /// Looks the program up in the environment and the directory that it will run in.
    ///
    /// - Parameter inherited: the gateway's environment.
    /// - Parameter added: set last; wins over the command's own.
    /// - Complexity: one `stat` for each directory of the search path; may touch slow file systems.
    init(
        _ command: ServerCommand, inherited: [String: String], added: [String: String] = [:]
    ) throws(LaunchError) {
        try Self.check(command)
        let environment = ServerEnvironment.merged(
            inherited: inherited, command: command.environment, added: added)
        let home = environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path
        var directory: String?
        if let wanted = command.workingDirectory {
            let path = Self.absolute(Self.expanded(wanted, home: home), in: Self.currentDirectory)
            guard FileKind(path: path) == .directory else { throw .workingDirectoryMissing(path: path) }
            directory = path
        }
        let program = try Self.find(
            Self.expanded(command.command, home: home), in: directory ?? Self.currentDirectory,
            searchPath: environment["PATH"] ?? ServerEnvironment.fallbackSearchPath)
        self.init(
            program: program, arguments: command.arguments, environment: environment,
            workingDirectory: directory)
    }

    private static var currentDirectory: String { FileManager.default.currentDirectoryPath }

    private static func check(_ command: ServerCommand) throws(LaunchError) {
        if command.command.isEmpty || holdsNUL(command.command) { throw .invalidText(field: .command) }
        for (index, argument) in command.arguments.enumerated() where holdsNUL(argument) {
            throw .invalidText(field: .argument(index: index))
        }
        for (name, value) in command.environment {
            guard ServerEnvironment.isName(name), !holdsNUL(value) else {
                throw .invalidText(field: .environment(name: name))
            }
        }
        if let directory = command.workingDirectory, directory.isEmpty || holdsNUL(directory) {
            throw .invalidText(field: .workingDirectory)
        }
    }

    private static func holdsNUL(_ text: String) -> Bool {
        text.utf8.contains(0)
    }

    private static func expanded(_ path: String, home: String) -> String {
        path == "~" ? home : path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    private static func absolute(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    /// A name is looked for in the absolute directories of the search path only: with others, the working
    /// directory would decide which program a configuration means.
    private static func find(
        _ command: String, in directory: String, searchPath: String
    ) throws(LaunchError) -> String {
        if command.utf8.contains(UInt8(ascii: "/")) {
            let path = absolute(command, in: directory)
            switch FileKind(path: path) {
            case .executable: return path
            case .missing: throw .commandNotFound(command: path, searchPath: nil)
            case .directory, .other: throw .notExecutable(path: path)
            }
        }
        var refused: String?
        for entry in searchPath.split(separator: ":") where entry.hasPrefix("/") {
            let path = "\(entry)/\(command)"
            switch FileKind(path: path) {
            case .executable: return path
            case .other: refused = refused ?? path
            case .missing, .directory: continue
            }
        }
        if let refused { throw .notExecutable(path: refused) }
        throw .commandNotFound(command: command, searchPath: searchPath)
    }
}
