import Rings
import Wire

/// What patterns read of the bytes of a call: the object of its arguments and the text of its result.
///
/// The bytes may be anything, and the first part of something only.
struct CallPayload: Sendable, Equatable {
    /// What is read of a call at most.
    static let mostBytes = 128 << 10
    /// What is kept of the text of a result.
    static let mostTextBytes = 8 << 10
    private static let limits = ScanLimits(maxBytes: mostBytes, maxDepth: 64)
    private static let mostBlocks = 64
    private static let textMark = Array(#""text":"#.utf8)

    /// nil where they are not known as a whole.
    var arguments: ArraySlice<UInt8>?
    var result: ArraySlice<UInt8>?

    /// - Parameters:
    ///   - params: nil where nothing was captured.
    ///   - isCut: whether they are only the first part of what was sent.
    init(
        params: [UInt8]?, isParamsCut: Bool = false, result: [UInt8]? = nil, isResultCut: Bool = false
    ) {
        if let params, !isParamsCut { arguments = Self.arguments(params) }
        if let result { self.result = isResultCut ? Self.firstText(result) : Self.text(result) }
    }

    private static func arguments(_ params: [UInt8]) -> ArraySlice<UInt8>? {
        guard let view = try? JSONView(validating: params, limits: limits), view.kind == .object else {
            return nil
        }
        guard let arguments = view["arguments"], !arguments.isNull else { return Array("{}".utf8)[...] }
        return arguments.kind == .object ? arguments.raw : nil
    }

    /// The texts of the content, or what is structured, or all of it.
    private static func text(_ result: [UInt8]) -> ArraySlice<UInt8>? {
        guard let view = try? JSONView(validating: result, limits: limits) else { return firstText(result) }
        var text: [UInt8] = []
        if let content = view["content"], content.kind == .array {
            for block in content.elements.prefix(mostBlocks) where text.count < mostTextBytes {
                guard let part = block["text"]?.string else { continue }
                if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
                text += part.utf8.prefix(mostTextBytes)
            }
        }
        if text.isEmpty { text = Array((view["structuredContent"] ?? view).raw.prefix(mostTextBytes)) }
        return text.prefix(mostTextBytes)
    }

    /// The first text of a result of which only the first part is there; that part itself if it has none.
    private static func firstText(_ result: [UInt8]) -> ArraySlice<UInt8>? {
        guard let mark = place(of: textMark, in: result) else { return result.prefix(mostTextBytes) }
        var start = mark + textMark.count
        while start < result.count, result[start] == UInt8(ascii: " ") { start += 1 }
        guard start < result.count, result[start] == UInt8(ascii: "\"") else {
            return result.prefix(mostTextBytes)
        }
        var end = start + 1
        while end < result.count, result[end] != UInt8(ascii: "\""), end - start < mostTextBytes {
            end += result[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        var quoted = Array(result[start..<min(end, result.count)])
        quoted.append(UInt8(ascii: "\""))
        let view = JSONView(quoted, ByteRange(0..<quoted.count))
        return view.string.map { Array($0.utf8.prefix(mostTextBytes))[...] }
    }

    private static func place(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        return (0...bytes.count - mark.count).first { bytes[$0...].starts(with: mark) }
    }
}

extension CallPayload {
    /// Reads what a ring holds of a call; empty if that is not there any more.
    init(_ record: ObservationRecord, _ ring: PayloadRingReader?) {
        let (params, result) = (Int(record.paramsBytes), Int(record.payloadResultBytes))
        let flags = record.flags
        var bytes: [UInt8] = []
        // The result lies behind the params: without room for these there is none for it.
        let taken = min(params + result, Self.mostBytes)
        guard let ring, taken > 0, ring.read(at: record.payloadPosition, bytes: taken, into: &bytes) else {
            self.init(params: nil)
            return
        }
        let isWhole = params <= bytes.count
        self.init(
            params: flags.contains(.paramsCaptured) && isWhole ? Array(bytes[..<params]) : nil,
            isParamsCut: flags.contains(.paramsCut),
            result: flags.contains(.resultCaptured) && isWhole ? Array(bytes[params...]) : nil,
            isResultCut: flags.contains(.resultCut) || taken < params + result)
    }
}
