import Dispatch
import Glibc

/// A process's first sign of life.
enum FirstOutput {
    /// Waits for a byte, and closes the descriptor.
    ///
    /// - Returns: false when the output ended first.
    static func arrives(on output: consuming OwnedDescriptor) async -> Bool {
        let descriptor = output.release()
        let source = ReadSource(descriptor, queue: .global())
        return await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            source.activate {
                var byte: UInt8 = 0
                // Proof: `read` writes at most one byte, into a variable of one byte.
                let count = unsafe read(descriptor, &byte, 1)
                source.cancel()
                continuation.resume(returning: count > 0)
            }
        }
    }
}
