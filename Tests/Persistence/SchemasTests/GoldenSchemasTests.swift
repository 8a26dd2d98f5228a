import Foundation
import Schemas
import SwiftProtobuf
import Testing

/// Messages as JSON, and as the bytes that Swift and Python both have to write of them: the Python package's
/// tests compare the same.
@Suite("The golden messages") struct GoldenSchemasTests {
    private struct Vector {
        var title: String
        var message: String
        var json: Data
        var bytes: [UInt8]
    }

    private static let kinds: [String: any SwiftProtobuf.Message.Type] = [
        "MCPMessage": MCPMessage.self, "JournalEntry": JournalEntry.self, "LearningData": LearningData.self,
        "LearningModel": LearningModel.self, "TrainingData": TrainingData.self, "AuditEntry": AuditEntry.self,
        "Policy": Policy.self, "Experiment": Experiment.self,
        "ExperimentAssignment": ExperimentAssignment.self,
        "ExperimentObservation": ExperimentObservation.self,
    ]

    private static func vectors() throws -> [Vector] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Golden/schemas.json")
        let found = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        return try #require(found as? [[String: Any]]).map { entry in
            Vector(
                title: try #require(entry["title"] as? String),
                message: try #require(entry["message"] as? String),
                json: try JSONSerialization.data(withJSONObject: try #require(entry["json"])),
                bytes: try bytes(try #require(entry["bytes"] as? String)))
        }
    }

    private static func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
        }
    }

    @Test("are read and written as Python does") func golden() throws {
        let vectors = try Self.vectors()
        #expect(Set(vectors.map(\.message)) == Set(Self.kinds.keys))
        for vector in vectors {
            guard let kind = Self.kinds[vector.message] else { continue }
            try check(vector, kind)
        }
    }

    private func check<Kind: SwiftProtobuf.Message>(
        _ vector: Vector, _ kind: Kind.Type
    ) throws {
        let read = try Kind(serializedBytes: vector.bytes)
        #expect(try read.isEqualTo(message: Kind(jsonUTF8Data: vector.json)), "\(vector.title)")
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        let written: [UInt8] = try read.serializedBytes(options: options)
        #expect(written == vector.bytes, "\(vector.title)")
    }
}
