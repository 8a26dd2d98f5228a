import Foundation
import Glibc

extension ServerProcess {
    /// Waits for a process that does not read; others wait their turn.
    private static let feeding = DispatchQueue(label: "attune-feed")

    /// Writes to its standard input, which nobody has taken, in the background; what a process that ended
    /// does not read is dropped.
    package func feed(_ bytes: [UInt8]) {
        guard let descriptor = duplicateInput() else { return }
        Self.feeding.async {
            defer { close(descriptor) }
            var rest = bytes[...]
            while !rest.isEmpty {
                // Proof: the call reads as many bytes as the slice has, and while it lives.
                let count = unsafe rest.withUnsafeBytes { bytes in
                    unsafe write(descriptor, bytes.baseAddress, bytes.count)
                }
                guard count > 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }
}
