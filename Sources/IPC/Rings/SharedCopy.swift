import CSharedMemory

extension [UInt8] {
    /// Copies bytes of a mapping to the end.
    mutating func append(copying shared: UnsafeRawBufferPointer) {
        let before = count
        append(contentsOf: repeatElement(0, count: shared.count))
        unsafe withUnsafeMutableBytes { own in
            guard let target = own.baseAddress, let source = shared.baseAddress else { return }
            unsafe cshared_copy(target + before, source, shared.count)
        }
    }
}
