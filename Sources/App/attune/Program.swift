import ArgumentParser

/// Runs a command line and maps what came of it to an exit code: 0 done, 1 failed, 2 usage.
enum Program {
    static let failed: Int32 = 1
    static let usage: Int32 = 2

    static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try AttuneCommand.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let failure as CommandFailure {
            Console.talk(failure.report)
            return failure.exitCode
        } catch {
            return report(error)
        }
    }

    /// What ArgumentParser throws: help and the version are data, the rest is a wrong command line.
    private static func report(_ error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        let message = AttuneCommand.fullMessage(for: error)
        switch AttuneCommand.exitCode(for: error) {
        case .success:
            Console.data(message)
            return 0
        case .validationFailure:
            Console.talk(message)
            return usage
        default:
            Console.talk(message)
            return failed
        }
    }
}
