/// Why a secret that the configuration refers to could not be had.
enum SecretFault: Error, Equatable, Sendable, CustomStringConvertible {
    case file(FileBytes.Fault)
    case command(SecretCommand.Fault)
    case notText
    case empty

    var description: String {
        switch self {
        case .file(.system(let number)): "the file cannot be read: \(SystemError.text(number))"
        case .file(.tooLarge): "the file has more than \(SecretCommand.maxBytes) bytes"
        case .command(let fault): "the command gave no secret: \(fault)"
        case .notText: "it is no UTF-8 text"
        case .empty: "there is nothing in it"
        }
    }
}
