import Foundation

/// Reads what a command line names: a file, or `-` for standard input.
enum InputFile {
    /// The most bytes that are read.
    static let limit = 64 << 20

    static func read(_ name: String) throws(CommandFailure) -> [UInt8] {
        do {
            let handle =
                name == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: name))
            var bytes: [UInt8] = []
            while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
                bytes += part
                if bytes.count > limit {
                    throw CommandFailure.unreadable(path: name, reason: "it has more than \(limit) bytes")
                }
            }
            return bytes
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .unreadable(path: name, reason: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        let error = error as NSError
        let system = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        guard system.domain == NSPOSIXErrorDomain, let code = POSIXErrorCode(rawValue: Int32(system.code))
        else {
            return error.localizedDescription
        }
        return switch code {
        case .ENOENT: "there is no such file"
        case .EACCES, .EPERM: "permission denied"
        case .EISDIR: "it is a directory"
        default: error.localizedDescription
        }
    }
}
