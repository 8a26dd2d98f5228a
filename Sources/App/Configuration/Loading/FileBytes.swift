import Foundation

/// Reads whole files of a bounded size.
enum FileBytes {
    enum Fault: Error, Equatable, Sendable {
        case system(errno: Int32)
        case tooLarge(bytes: Int)
    }

    /// The content of a file, a pipe or a device; symbolic links are followed.
    ///
    /// - Throws: `tooLarge` when there is more than `limit`; what is beyond it is not read.
    static func read(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            var bytes: [UInt8] = []
            while let piece = try file.read(upToCount: limit + 1 - bytes.count), !piece.isEmpty {
                bytes += piece
                if bytes.count > limit { throw Fault.tooLarge(bytes: size(path) ?? bytes.count) }
            }
            return bytes
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .system(errno: SystemError.number(of: error))
        }
    }

    private static func size(_ path: String) -> Int? {
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return (try? FileManager.default.attributesOfItem(atPath: real))?[.size] as? Int
    }
}
