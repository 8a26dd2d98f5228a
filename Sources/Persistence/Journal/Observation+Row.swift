import Parquet

extension Observation {
    /// The columns of a Parquet file of observations: the members of the lines, typed.
    package static let columns = [
        ParquetColumn("dataset", .text),
        ParquetColumn("session_id", .text),
        ParquetColumn("step", .integer),
        ParquetColumn("turn", .integer),
        ParquetColumn("model", .text),
        ParquetColumn("server", .text),
        ParquetColumn("tool", .text),
        ParquetColumn("args", .text, isOptional: true),
        ParquetColumn("args_sha", .text, isOptional: true),
        ParquetColumn("args_len", .integer),
        ParquetColumn("result", .text, isOptional: true),
        ParquetColumn("result_sha", .text, isOptional: true),
        ParquetColumn("result_size", .integer),
        ParquetColumn("is_error", .boolean),
        ParquetColumn("ts", .time),
        ParquetColumn("call_id", .text),
        ParquetColumn("principal", .text),
        ParquetColumn("outcome", .text),
        ParquetColumn("error_code", .integer),
        ParquetColumn("duration_us", .integer),
        ParquetColumn("upstream_us", .integer),
        ParquetColumn("queue_us", .integer),
        ParquetColumn("advice_version", .integer),
    ]

    /// Its values, in the order of the columns.
    package var row: [ParquetValue] {
        [
            .text(Self.dataset), .text(session), .integer(Int64(step)), .integer(Int64(step)), .text(""),
            .text(server), .text(tool), Self.value(arguments.text), Self.value(arguments.digest),
            .integer(Int64(clamping: arguments.bytes)), Self.value(result.text), Self.value(result.digest),
            .integer(Int64(clamping: result.bytes)), .boolean(isError),
            .integer(Int64(clamping: microseconds)), .text(callID), .text(principal), .text(outcome),
            .integer(Int64(errorCode)), .integer(Int64(durationMicroseconds)),
            .integer(Int64(upstreamMicroseconds)), .integer(Int64(queueMicroseconds)),
            .integer(Int64(clamping: adviceVersion)),
        ]
    }

    private static func value(_ text: String?) -> ParquetValue { text.map { .text($0) } ?? .absent }
}
