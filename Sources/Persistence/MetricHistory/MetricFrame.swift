/// What was measured of all series in some seconds, a minute or an hour: one entry of the store.
///
/// Version 1, numbers as `PackedWriter` writes them:
/// version, slots, series; then for each series, in the order of ids: its id less that of the one before, how
/// its points are written (0 values of single seconds, 1 summaries, 2 buckets, 3 one value in all slots), the
/// number of points unless it is one value, and for each point its slot less that of the one before, and
/// - 0: the value, after the one before;
/// - 1: count, least, greatest, last, sum;
/// - 2: the sum in microseconds, the number of buckets that aren't 0, and for each how many buckets it is
///   after the one before, and its count.
package struct MetricFrame: Equatable, Sendable {
    package struct Slot: Equatable, Sendable {
        package var slot: Int
        package var point: MetricPoint

        package init(_ slot: Int, _ point: MetricPoint) {
            self.slot = slot
            self.point = point
        }
    }

    static let version: UInt64 = 1
    static let mostSlots = 60
    static let mostSeries = 4096

    /// Points that a series can have in it, of which the last was measured.
    package var slots: Int
    package var series: [UInt32: [Slot]]

    package init(slots: Int, series: [UInt32: [Slot]]) {
        self.slots = slots
        self.series = series
    }

    enum Form: UInt8 {
        case single = 0
        case summary = 1
        case buckets = 2
        case constant = 3
    }
}
