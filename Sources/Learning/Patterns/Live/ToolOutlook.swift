/// What is to be expected of the calls of one tool.
package struct ToolOutlook: Sendable, Equatable {
    package var server: String
    package var tool: String
    package var calls: UInt64
    /// Of the next call.
    package var medianMilliseconds: Double
    /// What 95 of 100 calls keep.
    package var bound95Milliseconds: Double
    /// That the next call fails.
    package var failure: Float
    /// That the same call gives the same again; nil while none was repeated.
    package var cacheability: Float?
    /// That a call changes what others give; nil while nothing tells.
    package var mutation: Float?
    /// When it was called last, since 1970.
    package var atMicroseconds: UInt64
}
