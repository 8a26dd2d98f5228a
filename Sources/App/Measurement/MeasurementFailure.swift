import Storage

/// Why something could not be measured.
package enum MeasurementFailure: Error, Equatable {
    /// The gateway in memory did not answer its first call.
    case gatewayDidNotStart
    /// The scanner refused a message of the measurements.
    case payloadRefused
    /// There was no memory for a segment, or no room in its table.
    case memoryRefused
    /// A store among the temporary files did not open or take a write.
    case storeRefused(path: String, StorageError)
}
