/// A place in the call log: for each shard the sequence number below which the next page begins.
///
/// Exact whatever the clock does: a record that was on one page is on no other.
package struct CallCursor: Sendable, Equatable {
    var next: [UInt64]

    init(next: [UInt64]) { self.next = next }

    package var text: String { next.map { String($0, radix: 36) }.joined(separator: "-") }

    /// - Parameter text: what `text` gave; anything else is refused.
    package init?(text: some StringProtocol) {
        guard text.utf8.count <= 1024 else { return nil }
        var next: [UInt64] = []
        for part in text.split(separator: "-", omittingEmptySubsequences: false) {
            guard part.utf8.first != UInt8(ascii: "+"), let number = UInt64(part, radix: 36) else {
                return nil
            }
            next.append(number)
        }
        self.next = next
    }
}
