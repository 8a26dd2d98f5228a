/// Where processes attach to a gateway; two gateways of one user are told apart by the port they listen on.
package struct AttachPlaces: Sendable, Equatable {
    /// The control socket, in TLS.
    package let control: String

    /// - Parameters:
    ///   - directory: the one of the gateway's sockets.
    ///   - port: as configured in `[core] listen`.
    package init(directory: String, port: UInt16) {
        control = "\(directory)/attach-\(port).sock"
    }

    /// - Parameter control: as `[learning] socket` has it.
    package init(control: String) { self.control = control }

    /// The socket for descriptors lies beside it: `x.sock` has `x.descriptors.sock`.
    package var descriptors: String { "\(stem).descriptors.sock" }

    /// What clients are told, who may see the directory under another path.
    var descriptorsName: String { descriptors.split(separator: "/").last.map(String.init) ?? descriptors }

    /// The path of the descriptors' socket under the name that the gateway told.
    ///
    /// - Returns: nil for what is not a plain file name.
    func descriptors(named name: String) -> String? {
        guard !name.isEmpty, !name.contains("/"), name != "..", !name.utf8.contains(0) else { return nil }
        let directory = control.lastIndex(of: "/").map { String(control[...$0]) } ?? ""
        return directory + name
    }

    private var stem: String { control.hasSuffix(".sock") ? String(control.dropLast(5)) : control }
}
