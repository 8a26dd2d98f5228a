import Foundation
import Schemas
import Testing

/// Bytes are written here by hand, so that they stay what they are when the schemas change.
@Suite("Schemas") struct SchemasTests {
    @Test("read what the first version wrote, byte by byte") func golden() throws {
        let bytes: [UInt8] = [
            0x08, 0x4D,  // timestamp 77
            0x12, 0x0A, 0x74, 0x6F, 0x6F, 0x6C, 0x73, 0x2F, 0x63, 0x61, 0x6C, 0x6C,  // "tools/call"
            0x1A, 0x02, 0x7B, 0x7D,  // payload {}
            0x2A, 0x0D,  // call, 13 bytes
            0x08, 0x07,  // call_id 7
            0x22, 0x03, 0x67, 0x69, 0x74,  // server "git"
            0x30, 0x02,  // era modern
            0x38, 0x01,  // outcome ok
            0x40, 0x01,  // error_code -1
        ]
        let message = try MCPMessage(serializedBytes: bytes)
        #expect(message.timestamp == 77 && message.messageType == "tools/call")
        #expect(message.payload == Data("{}".utf8))
        #expect(message.call.callID == 7 && message.call.server == "git" && message.call.era == .modern)
        #expect(message.call.outcome == .ok && message.call.errorCode == -1)
        let written: [UInt8] = try message.serializedBytes()
        #expect(written == bytes)
    }

    @Test("read calls and runs as they were first written with what leads from sequences to calls")
    func runs() throws {
        let written: [UInt8] = [
            0x08, 0x05,  // first 5
            0x12, 0x03, 0x14, 0x03, 0x02,  // steps 10, -2, 1
        ]
        let run = try JournalRun(serializedBytes: written)
        #expect(run.first == 5 && run.steps == [10, -2, 1])
        #expect(try run.serializedBytes() == written)
        // call, with request_bytes 300 and result_bytes 4, which the first version did not have.
        let bytes: [UInt8] = [0x2A, 0x07, 0x98, 0x01, 0xAC, 0x02, 0xA0, 0x01, 0x04]
        let message = try MCPMessage(serializedBytes: bytes)
        #expect(message.call.requestBytes == 300 && message.call.resultBytes == 4)
    }

    @Test("read policies and experiments as they were first written, and what was left out does nothing")
    func adaptation() throws {
        let written: [UInt8] = [
            0x0A, 0x05, 0x63, 0x61, 0x63, 0x68, 0x65,  // knob "cache"
            0x12, 0x05, 0x0A, 0x03, 0x67, 0x69, 0x74,  // scope: server "git"
            0x18, 0x02,  // version 2
            0x20, 0x03,  // mode act
            0x2A, 0x02, 0x08, 0x01,  // value true
            0x40, 0x01,  // frozen
        ]
        let policy = try Policy(serializedBytes: written)
        #expect(policy.knob == "cache" && policy.scope.server == "git" && policy.version == 2)
        #expect(policy.mode == .act && policy.value.flag && policy.frozen)
        #expect(try policy.serializedBytes() == written)
        #expect(try Policy(serializedBytes: [UInt8]()).mode == .off)
        let experiment = try Experiment(serializedBytes: [
            0x0A, 0x01, 0x78,  // name "x"
            0x2A, 0x05, 0x0A, 0x01, 0x61, 0x12, 0x00,  // an arm "a" with a value of no kind
            0x50, 0xE8, 0x07,  // minimum_sample 1000
            0x9A, 0x01, 0x02, 0x08, 0x03,  // outcome: a guardrail
        ])
        #expect(experiment.name == "x" && experiment.arms.map(\.name) == ["a"])
        #expect(experiment.arms[0].value.value == nil && experiment.minimumSample == 1000)
        #expect(experiment.state == .draft && !experiment.promotes)
        #expect(experiment.outcome.verdict == .guardrail)
    }

    @Test("keep a mode, a verdict and a kind of value that only a later version knows") func laterKinds()
        throws
    {
        // mode 9; value: field 15, a varint.
        let bytes: [UInt8] = [0x20, 0x09, 0x2A, 0x02, 0x78, 0x05]
        let policy = try Policy(serializedBytes: bytes)
        #expect(policy.mode == .UNRECOGNIZED(9) && policy.value.value == nil)
        #expect(try policy.serializedBytes() == bytes)
        let outcome: [UInt8] = [0x08, 0x63]
        #expect(try ExperimentOutcome(serializedBytes: outcome).serializedBytes() == outcome)
    }

    @Test("keep what a later version wrote and this one doesn't know") func later() throws {
        // Field 1000, which no schema has, behind a known one.
        let bytes: [UInt8] = [0x0A, 0x01, 0x6D, 0xC2, 0x3E, 0x02, 0x68, 0x69]
        let model = try LearningModel(serializedBytes: bytes)
        #expect(model.modelID == "m")
        let written: [UInt8] = try model.serializedBytes()
        #expect(written == bytes)
    }

    @Test("read what an earlier version left out as nothing") func earlier() throws {
        let entry = try JournalEntry(serializedBytes: [0x12, 0x02, 0x10, 0x03])
        #expect(entry.gap.loop == 3 && entry.gap.lost == 0)
        #expect(try LearningData(serializedBytes: [UInt8]()).metrics.isEmpty)
    }

    @Test("take features, labels and predictions of every kind there and back") func roundTrip() throws {
        let data = LearningData.with {
            $0.version = 3
            $0.features = [
                .with {
                    $0.name = "n"
                    $0.number = 0.5
                },
                .with {
                    $0.name = "t"
                    $0.text = "x"
                },
                .with {
                    $0.name = "d"
                    $0.data = Data([1])
                },
                .with {
                    $0.name = "v"
                    $0.vector.values = [1, 2]
                },
            ]
            $0.predictions = [
                .with {
                    $0.task = "next_tool"
                    $0.candidates = [
                        .with {
                            $0.label.text = "git__log"
                            $0.probability = 0.75
                        }
                    ]
                    $0.outcome.text = "git__log"
                }
            ]
            $0.metrics = ["top1": 0.5]
        }
        let bytes: [UInt8] = try data.serializedBytes()
        #expect(try LearningData(serializedBytes: bytes) == data)
        let training = TrainingData.with {
            $0.dataID = "d"
            $0.labels = [
                .with {
                    $0.name = "slow"
                    $0.number = 1
                }
            ]
            $0.metadata = ["source": "journal"]
        }
        let trainingBytes: [UInt8] = try training.serializedBytes()
        #expect(try TrainingData(serializedBytes: trainingBytes) == training)
    }
}
