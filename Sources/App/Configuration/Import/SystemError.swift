import Foundation

/// The text of a system error number.
enum SystemError {
    static func text(_ number: Int32) -> String {
        guard let code = POSIXErrorCode(rawValue: number) else { return "error \(number)" }
        return POSIXError(code).localizedDescription
    }
}
