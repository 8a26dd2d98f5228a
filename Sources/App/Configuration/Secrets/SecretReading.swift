/// Reads the secrets that strings refer to, each at most once a load.
final class SecretReading {
    private var known: [String: String] = [:]
    private let environment: [String: String]

    init(environment: [String: String]) { self.environment = environment }

    /// - Parameter reference: `file:PATH` or `command:LINE`.
    /// - Returns: the text without the line end after it, or why there is none.
    func text(_ reference: String) -> Result<String, SecretFault> {
        if let text = known[reference] { return .success(text) }
        let bytes: [UInt8]
        if reference.hasPrefix("file:") {
            do throws(FileBytes.Fault) {
                bytes = try FileBytes.read(
                    String(reference.dropFirst("file:".count)), limit: SecretCommand.maxBytes)
            } catch {
                return .failure(.file(error))
            }
        } else {
            do throws(SecretCommand.Fault) {
                bytes = try SecretCommand.output(
                    of: String(reference.dropFirst("command:".count)), environment: environment)
            } catch {
                return .failure(.command(error))
            }
        }
        guard var text = String(validating: bytes, as: UTF8.self) else { return .failure(.notText) }
        if text.hasSuffix("\n") || text.hasSuffix("\r\n") { text.removeLast() }
        guard !text.isEmpty, !text.utf8.contains(0) else { return .failure(.empty) }
        known[reference] = text
        return .success(text)
    }
}
