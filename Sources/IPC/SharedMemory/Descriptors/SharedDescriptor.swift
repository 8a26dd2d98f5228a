import CSharedMemory
import Glibc

/// A file descriptor that is closed when its last owner lets go of it.
package final class SharedDescriptor: Sendable {
    /// Valid as long as the owner is kept.
    package let rawValue: Int32

    /// Takes a descriptor that is open.
    package init(taking rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Opens the same file under a new number.
    ///
    /// - Throws: `DescriptorFault.system`, most often for too many open files.
    package convenience init(duplicating rawValue: Int32) throws(DescriptorFault) {
        self.init(taking: try Self.duplicate(rawValue))
    }

    /// Another number for the same file, which the caller has to close.
    package func duplicate() throws(DescriptorFault) -> Int32 { try Self.duplicate(rawValue) }

    private static func duplicate(_ rawValue: Int32) throws(DescriptorFault) -> Int32 {
        let number = cshared_duplicate(rawValue)
        guard number >= 0 else { throw .system(.duplicate, errno: -number) }
        return number
    }

    deinit {
        close(rawValue)
    }
}
