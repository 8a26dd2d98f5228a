/// A part of a version as a delta tells it: bytes of its own, then a run of bytes of the older version.
struct DeltaStep: Equatable {
    var literals: Int
    var copied: Int
    /// How much further on in the older version the run is than where it would be if the literals took the
    /// place of as many bytes.
    var jump: Int
}
