import MetricHistory

/// A frame of any bytes is read or refused; what is read is written in one way, and read from that as it was.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // Proof: libFuzzer keeps `count` bytes at `start` alive during the call.
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let frame = MetricFrame(bytes) else { return 0 }
    let written = frame.bytes
    guard let again = MetricFrame(written), again == frame, again.bytes == written else {
        fatalError("a frame that was read is not read from what it is written as")
    }
    return 0
}
