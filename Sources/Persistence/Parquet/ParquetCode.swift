/// The numbers of `parquet.thrift` that are written.
enum ParquetCode {
    enum PageType {
        static let data: Int32 = 0
        static let dictionary: Int32 = 2
    }

    enum Encoding {
        static let plain: Int32 = 0
        static let runs: Int32 = 3
        static let dictionary: Int32 = 8
    }

    enum Codec {
        static let snappy: Int32 = 1
    }

    enum Repetition {
        static let required: Int32 = 0
        static let optional: Int32 = 1
    }

    enum Converted {
        static let text: Int32 = 0
        static let microseconds: Int32 = 10
    }

    static let magic = Array("PAR1".utf8)
}

extension ParquetColumn.Kind {
    var physicalType: Int32 {
        switch self {
        case .boolean: 0
        case .integer, .time: 2
        case .number: 5
        case .text: 6
        }
    }
}
