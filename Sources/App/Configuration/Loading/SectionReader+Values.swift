extension SectionReader {
    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = take(key) else { return nil }
        guard case .integer(let number) = node.content else { return refuse(node, key, "an integer") }
        return within(range, number, node, key, text: { "\($0)" })
    }

    /// A number of bytes: an integer, or a string such as `256MiB`.
    mutating func byteCount(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = take(key) else { return nil }
        let wanted = "a number of bytes or a size such as \"256MiB\""
        switch node.content {
        case .integer(let number): return within(range, number, node, key, text: ByteSize.text)
        case .string(let written):
            guard let text = collector.expand(written, at: node.location.value) else { return nil }
            guard let bytes = ByteSize.parse(text.value) else {
                collector.error(
                    node.location.value, "`\(path(key))` must be \(wanted), found \"\(text)\"",
                    suggestion: "the units are B, kB, MB, GB, TB, KiB, MiB, GiB and TiB")
                return nil
            }
            return within(range, bytes, node, key, text: ByteSize.text)
        default: return refuse(node, key, wanted)
        }
    }

    mutating func milliseconds(_ key: String, in range: ClosedRange<Int>) -> Duration? {
        integer(key, in: range).map { .milliseconds($0) }
    }

    mutating func seconds(_ key: String, in range: ClosedRange<Double>) -> Duration? {
        number(key, in: range).map { .seconds($0) }
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = take(key) else { return nil }
        let number: Double
        switch node.content {
        case .integer(let whole): number = Double(whole)
        case .number(let fraction): number = fraction
        default: return refuse(node, key, "a number")
        }
        guard range.contains(number) else {
            collector.error(
                node.location.value,
                "`\(path(key))` must be between \(range.lowerBound) and \(range.upperBound), found \(number)")
            return nil
        }
        return number
    }

    mutating func boolean(_ key: String) -> Bool? {
        guard let node = take(key) else { return nil }
        guard case .boolean(let value) = node.content else { return refuse(node, key, "true or false") }
        return value
    }

    /// A string, variables filled in, not empty.
    mutating func text(_ key: String) -> ExpandedText? {
        guard let node = take(key) else { return nil }
        return text(node, path(key))
    }

    /// One of the words of an enumeration.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ type: Choice.Type = Choice.self
    ) -> Choice? {
        guard let node = take(key) else { return nil }
        let words = Choice.allCases.map(\.rawValue)
        let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
        guard case .string(let written) = node.content else { return refuse(node, key, "one of \(list)") }
        guard let text = collector.expand(written, at: node.location.value) else { return nil }
        guard let choice = Choice(rawValue: text.value) else {
            let closest = Spelling.closest(to: text.value, among: words)
            collector.error(
                node.location.value, "`\(path(key))` must be one of \(list), found \"\(text)\"",
                suggestion: closest.map { "did you mean \"\($0)\"?" })
            return nil
        }
        return choice
    }

    mutating func texts(_ key: String) -> [ExpandedText]? {
        guard let node = take(key) else { return nil }
        return texts(node, key)
    }

    /// The strings of an array, each checked on its own; nil when the value is no array.
    func texts(_ node: TOMLNode, _ key: String, emptyAllowed: Bool = true) -> [ExpandedText]? {
        guard case .array(let elements) = node.content else {
            return refuse(node, key, "an array of strings")
        }
        return elements.enumerated().compactMap { index, element in
            text(element, "\(path(key))[\(index)]", emptyAllowed: emptyAllowed)
        }
    }

    func text(
        _ node: TOMLNode, _ path: String, emptyAllowed: Bool = false, maySecret: Bool = false
    ) -> ExpandedText? {
        guard case .string(let written) = node.content else {
            var suggestion: String?
            switch node.content {
            case .integer, .number, .boolean, .date: suggestion = "write it in quotes"
            default: suggestion = nil
            }
            collector.error(
                node.location.value, "`\(path)` must be a string, found \(node.kind)", suggestion: suggestion)
            return nil
        }
        guard let text = collector.expand(written, at: node.location.value, maySecret: maySecret) else {
            return nil
        }
        guard emptyAllowed || !text.value.isEmpty else {
            collector.error(node.location.value, "`\(path)` must not be empty")
            return nil
        }
        guard !text.value.utf8.contains(0) else {
            collector.error(node.location.value, "`\(path)` must not hold a NUL character")
            return nil
        }
        return text
    }

    func refuse<Value>(_ node: TOMLNode, _ key: String, _ wanted: String) -> Value? {
        collector.error(node.location.value, "`\(path(key))` must be \(wanted), found \(node.kind)")
        return nil
    }

    private func within(
        _ range: ClosedRange<Int>, _ number: Int, _ node: TOMLNode, _ key: String, text: (Int) -> String
    ) -> Int? {
        guard range.contains(number) else {
            collector.error(
                node.location.value,
                "`\(path(key))` must be between \(text(range.lowerBound)) and \(text(range.upperBound)), "
                    + "found \(text(number))")
            return nil
        }
        return number
    }
}
