import Simdjson
import Wire

/// Judges one input: the verdict against simdjson's and against the walk over all tokens, and what is derived
/// from an accepted text against itself.
///
/// The bytes are scanned where libFuzzer put them, in a heap block of exactly their size, so that the address
/// sanitizer sees a read of even one byte too many.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // Proof: libFuzzer keeps `count` bytes at `data` alive during the call.
    let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(data), byteCount: count)
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: data, count: count))
    let scanned = Result { () throws(ScanError) in try Scanner.scan(span, limits: .standard) }
    let validated = Result { () throws(ScanError) in try Scanner.validate(bytes) }
    let walked = Result { () throws(ScanError) in try Scanner.scanByWalk(bytes, limits: .standard) }

    compareWithWalk(scanned, walked)
    compareWithSimdjson(bytes, unsafe simdjson_judge(data, count), validated)
    switch (scanned, validated) {
    case (.success(let frame), .success): checkFrame(bytes, frame)
    case (.failure(.duplicateKey), _): break
    case (.failure(let error), .failure(let other)) where error == other: break
    default: fatalError("scan and validate differ: \(scanned) \(validated)")
    }
    walkUnvalidated(bytes)
    return 0
}

func compareWithWalk(_ scanned: Result<Frame, ScanError>, _ walked: Result<Frame, ScanError>) {
    switch (scanned, walked) {
    case (.success(let frame), .success(let other)):
        precondition(rawRanges(frame) == rawRanges(other), "the walk finds another frame")
        precondition(
            frame.kind == other.kind && frame.idKind == other.idKind && frame.method == other.method
                && frame.methodHasEscapes == other.methodHasEscapes && frame.errorCode == other.errorCode
                && frame.resultIsError == other.resultIsError, "the walk finds another frame")
    case (.failure(let error), .failure(let other)) where error == other: break
    default: fatalError("scan and walk differ: \(scanned) \(walked)")
    }
}

func rawRanges(_ frame: Frame) -> [ByteRange] {
    [
        frame.root, frame.id, frame.params, frame.result, frame.error, frame.paramsName, frame.paramsURI,
        frame.paramsArguments, frame.paramsMeta, frame.paramsCursor, frame.progressToken,
        frame.metaProtocolVersion, frame.resultType,
    ]
}

/// The divergences that are known and wanted; anything else is a finding.
func compareWithSimdjson(_ bytes: [UInt8], _ verdict: simdjson_verdict, _ validated: Result<Void, ScanError>)
{
    switch (validated, verdict) {
    case (.success, simdjson_accepts): break
    // Numbers pass byte for byte, whatever their magnitude.
    case (.success, simdjson_refuses_number):
        precondition(hasLongNumber(bytes), "a number is refused by simdjson")
    // Escapes of lone surrogates pass byte for byte.
    case (.success, simdjson_refuses_string):
        precondition(hasSurrogateEscape(bytes), "a string is refused by simdjson")
    case (.success, _): fatalError("accepted, and refused by simdjson: \(verdict)")
    // simdjson's own limit is 1024 levels.
    case (.failure(.tooDeep), _): break
    case (.failure(.byteOrderMark), _): break
    case (.failure(let error), simdjson_accepts): fatalError("refused (\(error)), and accepted by simdjson")
    case (.failure, _): break
    }
}

/// A run of digits, points and exponents that a double or a 64-bit integer may be too small for.
func hasLongNumber(_ bytes: [UInt8]) -> Bool {
    var digits = 0
    for byte in bytes {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
        case UInt8(ascii: "."): break
        case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            // An exponent of three digits may reach beyond 1e308.
            digits = digits > 0 ? max(digits, 16) : 0
        default: digits = 0
        }
        if digits >= 19 { return true }
    }
    return false
}

func hasSurrogateEscape(_ bytes: [UInt8]) -> Bool {
    bytes.indices.dropLast(3).contains { at in
        bytes[at] == UInt8(ascii: "\\") && bytes[at + 1] == UInt8(ascii: "u")
            && bytes[at + 2] | 0x20 == UInt8(ascii: "d")
    }
}

/// Every range of a frame is one JSON value, and splicing an accepted message gives another one.
func checkFrame(_ bytes: [UInt8], _ frame: Frame) {
    for range in rawRanges(frame) where !range.isEmpty {
        requireValid(Array(bytes[range.range]), "a range is no value")
    }
    let view = JSONView(bytes, frame.root)
    var splice = Splice()
    if !frame.id.isEmpty { splice.replace(frame.id, with: Array("\"other\"".utf8)) }
    splice.insertMember(key: "added", value: Array("[1]".utf8), into: view)
    requireValid(splice.apply(to: bytes), "a splice broke the message")
    var removal = Splice()
    for (number, member) in view.members.enumerated().prefix(16) where number % 2 == bytes.count % 2 {
        removal.removeMember(of: view, key: member.key)
    }
    requireValid(removal.apply(to: bytes), "a removal broke the message")
    if frame.kind == .batch {
        let elements = (try? Batch.elements(bytes, frame, max: .max)) ?? []
        for range in elements { requireValid(Array(bytes[range.range]), "an element is no value") }
    }
    var visited = 0
    checkStrings(view, &visited)
}

/// Unescaped text, written and read again, is the same.
func checkStrings(_ view: JSONView, _ visited: inout Int) {
    visited += 1
    guard visited < 200 else { return }
    if let string = view.string {
        let quoted = JSONWriter.quoted(string)
        requireValid(quoted, "the writer wrote no JSON")
        let again = JSONView(quoted, ByteRange(0..<quoted.count)).string
        precondition(again.map { Array($0.utf8) } == Array(string.utf8), "a string changed on its way")
    }
    for element in view.elements { checkStrings(element, &visited) }
    for member in view.members { checkStrings(member.value, &visited) }
}

/// Views over bytes that are no JSON must not trap.
func walkUnvalidated(_ bytes: [UInt8]) {
    let view = JSONView(bytes, ByteRange(0..<bytes.count))
    _ = (view.string, view.int, view.double, view.bool, view.count, view["id"], view.member("é"))
    for member in view.members.prefix(20) { _ = (member.key, member.value.count) }
}

func requireValid(_ bytes: [UInt8], _ complaint: StaticString) {
    let verdict = Result { () throws(ScanError) in try Scanner.validate(bytes) }
    if case .failure(let error) = verdict { fatalError("\(complaint): \(error)") }
}
