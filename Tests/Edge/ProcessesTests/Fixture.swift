import Foundation
import Processes
import Testing

/// The program that stands for a gateway; it lies beside the test program.
enum Fixture {
    static func command(_ arguments: String...) throws -> ServerCommand {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = (own as NSString).deletingLastPathComponent
        let path = "\(folder)/LifelineFixture"
        try #require(FileManager.default.isExecutableFile(atPath: path), "built with the tests")
        return ServerCommand(command: path, arguments: arguments)
    }
}
