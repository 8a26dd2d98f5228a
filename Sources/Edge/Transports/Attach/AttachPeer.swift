/// A client that the gateway made an offer to.
package struct AttachPeer: Sendable, Hashable, Identifiable {
    /// Not used again in the run of the gateway.
    package let id: UInt64
    package let role: AttachRole
    package let name: String
    /// As the kernel tells it, or as the client says where the kernel can't.
    package let processID: Int32

    package init(id: UInt64, role: AttachRole, name: String, processID: Int32) {
        self.id = id
        self.role = role
        self.name = name
        self.processID = processID
    }
}
