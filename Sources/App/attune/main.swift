import Dispatch
import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
if let code = Program.armFailpoints(arguments) { exit(code) }
if let code = Program.runAtOnce(arguments) { exit(code) }
Task.detached { exit(await Program.run(arguments)) }
// The main thread waits rather than end, which Valgrind does not survive.
DispatchSemaphore(value: 0).wait()
