import Foundation

/// Where a command's data goes: a file, or standard output.
///
/// A file is written beside its place, under the name with `.partial` behind it, and takes its place when it
/// is whole: one that was there before stays as it is until then.
final class OutputFile {
    /// Writes are collected to about so many bytes.
    private static let blockBytes = 256 << 10

    private let name: String
    private let handle: FileHandle
    /// The file that is written, if it is not the one that was named.
    private let partial: String?
    private var block: [UInt8] = []

    /// - Parameter path: nil for standard output.
    /// - Throws: `unwritable`.
    init(_ path: String?) throws(CommandFailure) {
        // A reader that has gone is told as an error, by which the process doesn't die.
        signal(SIGPIPE, SIG_IGN)
        guard let path else {
            name = "standard output"
            handle = .standardOutput
            partial = nil
            return
        }
        name = path
        // What is no plain file, such as a pipe, is written to as it is.
        let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        let isReplaced = kind == nil || kind == .typeRegular
        partial = isReplaced ? path + ".partial" : nil
        if let partial,
            !FileManager.default.createFile(
                atPath: partial, contents: nil, attributes: [.posixPermissions: 0o600])
        {
            throw .unwritable(path: path)
        }
        guard let opened = FileHandle(forWritingAtPath: partial ?? path) else {
            throw .unwritable(path: path)
        }
        handle = opened
    }

    /// - Throws: `unfinished`.
    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        block += bytes
        if block.count >= Self.blockBytes { try flush() }
    }

    /// Ends it; a file is in its place then, on disk.
    /// - Throws: `unfinished`.
    func finish() throws(CommandFailure) {
        try flush()
        guard let partial else { return }
        do {
            try handle.synchronize()
            try handle.close()
            // Proof: both paths are strings that live during the call.
            guard unsafe rename(partial, name) == 0 else {
                throw NSError(domain: NSPOSIXErrorDomain, code: Int(errno))
            }
        } catch {
            throw failed(error)
        }
    }

    /// Removes what was written of a file that won't be finished.
    func abandon() { if let partial { try? FileManager.default.removeItem(atPath: partial) } }

    private func flush() throws(CommandFailure) {
        do { try handle.write(contentsOf: Data(block)) } catch { throw failed(error) }
        block.removeAll(keepingCapacity: true)
    }

    private func failed(_ error: any Error) -> CommandFailure {
        let error = error as NSError
        let system = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        let code = system.domain == NSPOSIXErrorDomain ? Int32(clamping: system.code) : EIO
        return switch code {
        case ENOSPC, EDQUOT: .unfinished(path: name, reason: .noSpace)
        case EPIPE: .unfinished(path: name, reason: .readerGone)
        default: .unfinished(path: name, reason: .other(code))
        }
    }
}
