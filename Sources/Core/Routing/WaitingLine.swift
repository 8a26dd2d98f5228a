/// A first-in, first-out line in a ring of slots that grows by doubling; holds no storage before the first
/// element.
@usableFromInline
struct WaitingLine<Element> {
    @usableFromInline var slots: [Element?] = []
    @usableFromInline var head = 0
    @usableFromInline var count = 0

    @inlinable init() {}

    @inlinable var isEmpty: Bool { count == 0 }

    /// - Complexity: O(1) amortised.
    @inlinable mutating func append(_ element: Element) {
        if count == slots.count { grow() }
        slots[(head + count) & (slots.count - 1)] = element
        count += 1
    }

    /// - Complexity: O(1).
    @inlinable mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head].take()
        head = (head + 1) & (slots.count - 1)
        count -= 1
        return element
    }

    /// Removes the first element that satisfies the predicate; the order of the others stays.
    /// - Complexity: O(count).
    @inlinable mutating func removeFirst(where isWanted: (Element) -> Bool) -> Element? {
        let mask = slots.count - 1
        for offset in 0..<count {
            guard let element = slots[(head + offset) & mask], isWanted(element) else { continue }
            for later in offset..<(count - 1) {
                slots.swapAt((head + later) & mask, (head + later + 1) & mask)
            }
            slots[(head + count - 1) & mask] = nil
            count -= 1
            return element
        }
        return nil
    }

    @inlinable mutating func grow() {
        var larger = [Element?](repeating: nil, count: max(8, slots.count * 2))
        for offset in 0..<count { larger[offset] = slots[(head + offset) & (slots.count - 1)].take() }
        slots = larger
        head = 0
    }
}

extension WaitingLine: Sendable where Element: Sendable {}
