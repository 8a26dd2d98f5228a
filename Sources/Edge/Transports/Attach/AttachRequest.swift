/// What a client asks for in its first line: `{"attach":{"role":…,"name":…,"layout":[1],"pid":…}}`.
package struct AttachRequest: Sendable, Equatable, Codable {
    /// The longest name, which a segment's header has room for.
    package static let maxNameBytes = 31
    /// The most layout versions that are looked at.
    static let maxLayouts = 16

    package var role: AttachRole
    /// Of `a-z`, `0-9` and `-`, at most `maxNameBytes`.
    package var name: String
    /// The versions of the segments' layout that the client can read.
    package var layouts: [UInt32]
    /// Its process, as far as it knows in its own namespace.
    package var processID: Int32

    private enum CodingKeys: String, CodingKey {
        case role, name
        case layouts = "layout"
        case processID = "pid"
    }

    package init(role: AttachRole, name: String, layouts: [UInt32], processID: Int32) {
        self.role = role
        self.name = name
        self.layouts = layouts
        self.processID = processID
    }

    var isWellFormed: Bool {
        let isAllowed: (UInt8) -> Bool = {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        return !name.isEmpty && name.utf8.count <= Self.maxNameBytes && name.utf8.allSatisfy(isAllowed)
            && !layouts.isEmpty && layouts.count <= Self.maxLayouts
    }
}
