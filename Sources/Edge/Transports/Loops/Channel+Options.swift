import NIOCore

extension Channel {
    /// Sets what every stream channel of the gateway has: the shared read buffer, one read a turn, water
    /// marks.
    ///
    /// - Parameters:
    ///   - highWaterBytes: unread bytes above which the channel is not writable; half of it is the
    ///   low mark.
    ///   - sharesReadBuffer: false for a channel whose handlers keep what was read, as decryption does.
    func setStreamOptions(
        _ state: LoopState, highWaterBytes: Int, autoRead: Bool = true, sharesReadBuffer: Bool = true
    ) throws {
        guard let options = syncOptions else { return }
        let high = max(2, highWaterBytes)
        if !autoRead { try options.setOption(ChannelOptions.autoRead, value: false) }
        try options.setOption(ChannelOptions.maxMessagesPerRead, value: 1)
        if sharesReadBuffer {
            try options.setOption(ChannelOptions.recvAllocator, value: state.readBuffer.allocator)
        }
        try options.setOption(
            ChannelOptions.writeBufferWaterMark, value: .init(low: high / 2, high: high))
    }

    /// Stops or resumes reading; without effect on a closed channel.
    func setReading(_ reads: Bool) {
        // A failure means that the channel is closed, where there is nothing to read.
        try? syncOptions?.setOption(ChannelOptions.autoRead, value: reads)
    }
}
