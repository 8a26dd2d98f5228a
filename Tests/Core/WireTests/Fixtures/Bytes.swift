import Testing
import Wire

extension [UInt8] {
    init(_ text: StaticString, repeated count: Int) {
        self = Array(String(repeating: "\(text)", count: count).utf8)
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// What a range of a message holds, nil for an absent one.
func text(_ range: ByteRange, of message: String) -> String? {
    range.isEmpty ? nil : text(bytes(message)[range.range])
}

func scan(_ message: String) throws(ScanError) -> Frame { try Scanner.scan(bytes(message)) }

/// The error a text is refused with, nil when it is accepted.
func refusal(_ message: [UInt8], limits: ScanLimits = .standard) -> ScanError? {
    do throws(ScanError) {
        try Scanner.validate(message, limits: limits)
        return nil
    } catch {
        return error
    }
}

func refusal(_ message: String) -> ScanError? { refusal(bytes(message)) }

func scanRefusal(_ message: String) -> ScanError? {
    do throws(ScanError) {
        _ = try scan(message)
        return nil
    } catch {
        return error
    }
}

/// Fails when the scanner and the reference disagree about a text; silent, and so cheap, when they agree.
func expectAgreement(
    _ message: [UInt8], _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    let refused = refusal(message)
    guard (refused == nil) != ReferenceValidator.accepts(message) else { return }
    let verdict = refused.map { "\($0)" } ?? "accepted"
    Issue.record("\(comment) \(verdict): \(text(message).debugDescription)", sourceLocation: sourceLocation)
}
