import CSharedMemory
import Glibc
import Rings
import SharedMemory

/// Races that the sanitizer has to report: if it does not, it would not report one of the rooms' either.
enum Planted {
    private static let rounds = 1000

    /// Two threads write one word with nothing between them, in Swift.
    static func inSwift() throws {
        let section = try Ground([.cursors()]).section(.cursors)
        Threads.run(
            (0..<2).map { value in
                {
                    // Proof: a word at the beginning of a section of 4096 bytes.
                    let word = unsafe section.base.assumingMemoryBound(to: Int.self)
                    for _ in 0..<rounds { unsafe word.pointee = value }
                }
            })
    }

    /// One thread copies in what another copies out, with nothing between them.
    static func inCopies() throws {
        let section = try Ground([.cursors()]).section(.cursors)
        Threads.run([
            {
                let bytes = [UInt8](repeating: 1, count: 64)
                // Proof: 64 bytes at the beginning of a section of 4096.
                for _ in 0..<rounds { unsafe cshared_copy(section.base, bytes, 64) }
            },
            {
                var bytes = [UInt8](repeating: 0, count: 64)
                // Proof: as above.
                for _ in 0..<rounds { unsafe cshared_copy(&bytes, section.reading.base, 64) }
            },
        ])
    }

    /// A ring's protocol with its releasing store replaced by a relaxed one.
    static func inOrder() throws {
        let section = try Ground([.cursors()]).section(.cursors)
        Threads.run([
            {
                let bytes = [UInt8](repeating: 1, count: 64)
                // Proof: 64 bytes behind the first 64 of a section of 4096.
                unsafe cshared_copy(section.base + 64, bytes, 64)
                unsafe section.base.word(at: 0).store(64)
            },
            {
                var bytes = [UInt8](repeating: 0, count: 64)
                // Proof: as above.
                while unsafe section.reading.base.word(at: 0).loadAcquiring() == 0 { sched_yield() }
                unsafe cshared_copy(&bytes, section.reading.base + 64, 64)
            },
        ])
    }
}
