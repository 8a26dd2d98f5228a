import Schemas
import Wire

extension MCPMessage {
    /// The arguments in a call's params, as the client wrote them; the params where they have none.
    static func arguments(_ params: [UInt8]) -> ArraySlice<UInt8>? {
        guard !params.isEmpty, let view = try? JSONView(validating: params) else { return nil }
        return view["arguments"]?.raw ?? params[...]
    }
}
