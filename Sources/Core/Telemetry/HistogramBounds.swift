/// The bucket bounds of the gateway's histograms, in microseconds.
package enum HistogramBounds {
    /// What the OpenTelemetry conventions for MCP advise for operation durations.
    package static let operation: [UInt64] = [
        10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
        30_000_000,
        60_000_000, 120_000_000, 300_000_000,
    ]
    /// The same with finer ones below, since a gateway's calls may take less than a millisecond.
    package static let duration: [UInt64] = [100, 200, 500, 1000, 2000, 5000] + operation
    /// The gateway's own part of a call.
    package static let overhead: [UInt64] = [
        10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000, 1_000_000,
    ]
}
