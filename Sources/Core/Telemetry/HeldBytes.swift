/// How many bytes one holder has, counted in an account that it shares with others.
///
/// Confined to its holder, who sets the number to zero before it goes.
package struct HeldBytes {
    private let account: MemoryAccount?
    package private(set) var count = 0

    /// - Parameter account: nil counts nothing.
    package init(_ account: MemoryAccount?) { self.account = account }

    /// Sets what is held; costs nothing where it is the same as before.
    /// - Returns: false if there is no room for more; the number is then as before.
    package mutating func set(_ bytes: Int) -> Bool {
        guard bytes != count else { return true }
        if bytes > count {
            guard account?.reserve(bytes - count) ?? true else { return false }
        } else {
            account?.release(count - bytes)
        }
        count = bytes
        return true
    }

    /// Sets what is held and cannot be refused.
    /// - Returns: false while it, with what others hold, is more than there is room for.
    package mutating func force(_ bytes: Int) -> Bool {
        if !set(bytes) {
            account?.add(bytes - count)
            count = bytes
        }
        return count == 0 || !(account?.isOverdrawn ?? false)
    }
}
