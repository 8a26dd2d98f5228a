import Wire

/// The arguments of a call: the members of an object, each value in canonical JSON.
///
/// Canonical is: keys in the order of their bytes, no white space, strings in their shortest escaped form,
/// numbers as they were written. Equal keys keep the last value.
package struct CallArguments: Sendable, Equatable {
    package static let mostBytes = 4096
    package static let mostMembers = 32
    private static let limits = ScanLimits(maxBytes: mostBytes, maxDepth: 32)

    package struct Member: Sendable, Equatable {
        package var key: String
        package var value: ArgumentValue
    }

    package private(set) var members: [Member] = []

    package init(_ members: [Member]) { self.members = members.sorted { $0.key < $1.key } }

    /// Reads an object; nil from anything else, and from one beyond the bounds.
    package init?(_ json: ArraySlice<UInt8>) {
        guard json.count <= Self.mostBytes,
            let view = try? JSONView(validating: Array(json), limits: Self.limits), view.kind == .object
        else { return nil }
        var values: [String: ArgumentValue] = [:]
        for (key, _, value) in view.members { values[key] = ArgumentValue(value) }
        guard values.count <= Self.mostMembers else { return nil }
        self.init(values.map { Member(key: $0.key, value: $0.value) })
    }

    /// The whole object as canonical JSON.
    package var canonical: [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += JSONWriter.quoted(member.key)
            bytes.append(UInt8(ascii: ":"))
            bytes += member.value.canonical
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
