import Wire

/// Writes JSON values in one spelling, so that equal values have equal bytes: members in the order of their
/// keys, strings with the same escapes, no white space. Numbers stay as they are written.
package enum CanonicalJSON {
    /// - Parameter skipped: members of the value itself that are left out.
    /// - Complexity: O(bytes × log(members)); recursion is as deep as the value, which the scanner bounds.
    package static func bytes(_ value: JSONView, skipping skipped: [String] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        write(value, skipping: skipped, into: &bytes)
        return bytes
    }

    private static func write(_ value: JSONView, skipping skipped: [String], into bytes: inout [UInt8]) {
        switch value.kind {
        case .object:
            let members = value.members.filter { !skipped.contains($0.key) }.sorted { $0.key < $1.key }
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: JSONWriter.quoted(member.key))
                bytes.append(UInt8(ascii: ":"))
                write(member.value, skipping: [], into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array:
            bytes.append(UInt8(ascii: "["))
            for (index, element) in value.elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element, skipping: [], into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .string: bytes.append(contentsOf: JSONWriter.quoted(value.string ?? ""))
        case .number, .bool, .null: bytes.append(contentsOf: value.raw)
        }
    }
}
