/// One finished call, as a sequence learner sees it.
package struct SequenceCall: Sendable {
    /// The tool.
    package var symbol: Int
    /// The server that lists it.
    package var group: Int
    package var arguments: ArraySlice<UInt8>
    package var result: ArraySlice<UInt8>
    package var isError: Bool
    /// Whether it ran at the same time as the call before it.
    package var isParallel: Bool

    package init(
        symbol: Int, group: Int = 0, arguments: ArraySlice<UInt8> = [], result: ArraySlice<UInt8> = [],
        isError: Bool = false, isParallel: Bool = false
    ) {
        self.symbol = symbol
        self.group = group
        self.arguments = arguments
        self.result = result
        self.isError = isError
        self.isParallel = isParallel
    }
}
