import MetricHistory
import Telemetry
import Wire

/// The history of metrics. A step's `t` is its start in seconds since 1970.
extension AdminJSON {
    static func metrics(_ answer: MetricAnswer, _ query: MetricQuery) -> [UInt8] {
        let next = answer.hasMore ? String(query.skipped + answer.tracks.count) : nil
        return list(answer.tracks, next: next) { track, json in
            json.beginObject()
            describe(track.series, &json)
            json.field("step_s", Int(clamping: query.step))
            json.key("points")
            json.beginArray()
            for step in track.steps where step.point != nil || track.series.kind != .gauge {
                write(step, track.series.kind, query.isSummed, &json)
            }
            json.endArray()
            json.endObject()
        }
    }

    static func writeSeries(_ series: MetricSeries, _ json: inout JSONWriter) {
        json.beginObject()
        describe(series, &json)
        json.endObject()
    }

    private static func describe(_ series: MetricSeries, _ json: inout JSONWriter) {
        json.field("name", series.name)
        switch series.kind {
        case .gauge: json.field("kind", "gauge")
        case .counter: json.field("kind", "counter")
        case .histogram: json.field("kind", "histogram")
        }
        json.key("labels")
        json.beginObject()
        for label in series.labels {
            json.key(label.name)
            json.value(label.value)
        }
        json.endObject()
    }

    private static func write(
        _ step: MetricTrack.Step, _ kind: MetricSeries.Kind, _ isSummed: Bool, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("t", Int(clamping: step.start))
        let seconds = Double(max(step.covered, 1))
        switch (kind, step.point) {
        case (.histogram(let bounds), let point):
            var buckets = BucketCounts([], sumMicroseconds: 0)
            if case .durations(let known)? = point { buckets = known }
            let histogram = Histogram(
                bounds: bounds, counts: buckets.counts, sumMicroseconds: buckets.sumMicroseconds)
            write(histogram, seconds, &json)
        case (.counter, let point):
            var values = ValueSummary(0)
            if case .values(let known)? = point { values = known }
            json.field("rate", values.sum / seconds)
            json.field("count", values.sum)
            // The seconds of several series can't be told apart.
            if !isSummed {
                json.field("min", values.count < step.covered ? 0.0 : values.least)
                json.field("max", values.greatest)
            }
        case (.gauge, .values(let values)?):
            json.field("mean", values.mean)
            json.field("last", values.last)
            if !isSummed {
                json.field("min", values.least)
                json.field("max", values.greatest)
            }
        case (.gauge, _): break
        }
        json.endObject()
    }

    private static func write(_ histogram: Histogram, _ seconds: Double, _ json: inout JSONWriter) {
        let count = histogram.count
        json.field("rate", Double(count) / seconds)
        json.field("count", Int(clamping: count))
        guard count > 0 else { return }
        json.field("mean_us", Double(histogram.sumMicroseconds) / Double(count))
        json.field("p50_us", Int(clamping: histogram.quantile(0.5) ?? 0))
        json.field("p99_us", Int(clamping: histogram.quantile(0.99) ?? 0))
    }
}
