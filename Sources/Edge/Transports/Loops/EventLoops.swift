import NIOCore
import NIOPosix
import Sessions

/// The gateway's event loops: one thread each, numbered from 0.
package final class EventLoops: Sendable {
    package let all: [NIOLoop]
    let group: MultiThreadedEventLoopGroup

    /// - Parameter count: threads; at least one is started.
    package init(count: Int) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, count))
        all = group.makeIterator().enumerated().map { NIOLoop(index: $0.offset, eventLoop: $0.element) }
    }

    package var count: Int { all.count }

    package subscript(index: Int) -> any Loop { all[index] }

    /// The loop that wraps a NIO loop of this group.
    ///
    /// - Complexity: O(loops).
    func loop(of eventLoop: any EventLoop) -> NIOLoop? {
        all.first { $0.eventLoop === eventLoop }
    }

    /// Stops the threads; what is open is closed without a word.
    package func shutdown() async {
        try? await group.shutdownGracefully()
    }
}
