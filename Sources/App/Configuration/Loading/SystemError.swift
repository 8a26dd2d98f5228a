import Foundation

/// Error numbers of the operating system.
enum SystemError {
    /// What a person calls it, such as `Permission denied`.
    static func text(_ number: Int32) -> String {
        guard let code = POSIXErrorCode(rawValue: number) else { return "system error \(number)" }
        let text = POSIXError(code).localizedDescription
        return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }

    /// The number inside an error of Foundation; EIO where it has none.
    static func number(of error: any Error) -> Int32 {
        if let error = error as? POSIXError { return error.code.rawValue }
        let outer = error as NSError
        let inner = outer.userInfo[NSUnderlyingErrorKey] as? NSError
        for candidate in [inner, outer].compactMap({ $0 }) where candidate.domain == NSPOSIXErrorDomain {
            return Int32(truncatingIfNeeded: candidate.code)
        }
        switch (error as? CocoaError)?.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return POSIXErrorCode.ENOENT.rawValue
        case .fileReadNoPermission, .fileWriteNoPermission: return POSIXErrorCode.EACCES.rawValue
        case .fileWriteVolumeReadOnly: return POSIXErrorCode.EROFS.rawValue
        case .fileWriteOutOfSpace: return POSIXErrorCode.ENOSPC.rawValue
        default: return POSIXErrorCode.EIO.rawValue
        }
    }

    private static let prefix = "The operation could not be completed. "
}
