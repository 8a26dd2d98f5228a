/// The sizes that a client's own segment is to have.
package struct AttachGrant: Sendable, Equatable, Codable {
    package var segmentBytes: UInt64
    /// A command ring a lane, the most urgent first.
    package var laneBytes: [UInt64]
    /// The state table, 0 for none.
    package var tableBytes: UInt64
    /// The number of the client among those of its role, from 0.
    package var index: Int

    private enum CodingKeys: String, CodingKey {
        case segmentBytes = "segment_bytes"
        case laneBytes = "lane_bytes"
        case tableBytes = "table_bytes"
        case index
    }

    package init(segmentBytes: UInt64, laneBytes: [UInt64], tableBytes: UInt64, index: Int) {
        self.segmentBytes = segmentBytes
        self.laneBytes = laneBytes
        self.tableBytes = tableBytes
        self.index = index
    }
}
