import ArgumentParser
import Foundation
import Storage

/// Runs a command line and maps what came of it to an exit code: 0 done, 1 failed, 2 usage.
enum Program {
    static let failed: Int32 = 1
    static let usage: Int32 = 2

    /// Arms the failpoints that the environment names.
    ///
    /// - Returns: an exit code if it names none that there is.
    static func armFailpoints(_ arguments: [String]) -> Int32? {
        let variable =
            arguments.first == "learn" ? FailpointPlan.learnerVariable : FailpointPlan.variable
        do throws(FailpointError) {
            try FailpointPlan.arm(variable, of: ProcessInfo.processInfo.environment)
            return nil
        } catch {
            Console.talk("error: \(variable): \(error)")
            return usage
        }
    }

    /// Runs a command line that needs no waiting on the thread of the caller; nil if it needs some.
    ///
    /// Such a command, unlike the others, starts no thread, which Valgrind asks for: it does not survive how
    /// Dispatch ends the main thread.
    static func runAtOnce(_ arguments: [String]) -> Int32? {
        do {
            var command = try AttuneCommand.parseAsRoot(arguments)
            if command is any AsyncParsableCommand { return nil }
            try command.run()
            return 0
        } catch {
            return code(of: error)
        }
    }

    /// Runs a command line that may wait.
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try AttuneCommand.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return code(of: error)
        }
    }

    private static func code(of error: any Error) -> Int32 {
        guard let failure = error as? CommandFailure else { return report(error) }
        Console.talk(failure.report)
        return failure.exitCode
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
