/// A pattern over UTF-8 bytes as a bit-parallel automaton: one bit a position, all alternatives advanced at
/// once.
///
/// Bytes that the pattern treats alike share a class, so that the masks stay small.
/// - Complexity: O(text bytes × (pattern bytes / 64 + 1)) time for a match, whatever the pattern; a short
///   pattern costs about a kilobyte.
struct PatternAutomaton: Sendable {
    enum Element: Sendable {
        case byte(UInt8)
        /// Exactly one UTF-8 character (a Unicode scalar).
        case character
        /// Any number of bytes, none of them in `stops`.
        case run(stops: [UInt8])
    }

    private let words: Int
    private let lastState: Int
    private let classOf: [UInt8]
    /// For each class, the states that a byte of it moves on to the next state; `words` words a class.
    private let moves: [UInt64]
    /// For each class, the states that a byte of it leaves where they are.
    private let stays: [UInt64]

    private static let otherClass = 0
    private static let continuationClass = 1

    /// - Parameter elements: their literal bytes are well-formed UTF-8, so that fewer than 254 classes arise.
    init(_ elements: [Element]) {
        let states = 1 + elements.count { if case .run = $0 { false } else { true } }
        words = (states + 63) / 64
        lastState = states - 1
        let (classOf, representatives) = Self.classes(of: elements)
        var moves = [UInt64](repeating: 0, count: representatives.count * words)
        var stays = moves
        for (number, representative) in representatives.enumerated() {
            guard let byte = representative else { continue }
            var state = 0
            for element in elements {
                let at = number * words + state / 64
                let bit: UInt64 = 1 << UInt64(state % 64)
                switch element {
                case .byte(let literal):
                    if literal == byte { moves[at] |= bit }
                    state += 1
                case .character:
                    state += 1
                    if !isContinuation(byte) {
                        moves[at] |= bit
                    } else {
                        stays[number * words + state / 64] |= 1 << UInt64(state % 64)
                    }
                case .run(let stops):
                    if !stops.contains(byte) { stays[at] |= bit }
                }
            }
        }
        self.classOf = classOf
        self.moves = moves
        self.stays = stays
    }

    /// The class of every byte, and one byte of each class (nil if the class has none).
    private static func classes(of elements: [Element]) -> ([UInt8], [UInt8?]) {
        var classOf = (0...255).map { UInt8(isContinuation(UInt8($0)) ? continuationClass : otherClass) }
        var representatives: [UInt8?] = [nil, nil]
        var isNamed = [Bool](repeating: false, count: 256)
        for element in elements {
            let named: [UInt8] =
                switch element {
                case .byte(let byte): [byte]
                case .character: []
                case .run(let stops): stops
                }
            for byte in named where !isNamed[Int(byte)] && representatives.count < 256 {
                isNamed[Int(byte)] = true
                classOf[Int(byte)] = UInt8(representatives.count)
                representatives.append(byte)
            }
        }
        for byte in 0...255 where !isNamed[byte] { representatives[Int(classOf[byte])] = UInt8(byte) }
        return (classOf, representatives)
    }

    func matches(_ text: Span<UInt8>) -> Bool {
        words == 1 ? matchesInOneWord(text) : matchesInManyWords(text)
    }

    private func matchesInOneWord(_ text: Span<UInt8>) -> Bool {
        var active: UInt64 = 1
        for index in text.indices {
            let number = Int(classOf[Int(text[index])])
            active = (active & moves[number]) << 1 | active & stays[number]
            if active == 0 { return false }
        }
        return active >> UInt64(lastState) & 1 == 1
    }

    private func matchesInManyWords(_ text: Span<UInt8>) -> Bool {
        var active = [UInt64](repeating: 0, count: words)
        active[0] = 1
        for index in text.indices {
            let first = Int(classOf[Int(text[index])]) * words
            var carry: UInt64 = 0
            var any: UInt64 = 0
            for word in 0..<words {
                let moved = active[word] & moves[first + word]
                active[word] = moved << 1 | carry | active[word] & stays[first + word]
                carry = moved >> 63
                any |= active[word]
            }
            if any == 0 { return false }
        }
        return active[lastState / 64] >> UInt64(lastState % 64) & 1 == 1
    }
}

private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
