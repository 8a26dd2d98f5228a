// swift-tools-version: 6.2
import PackageDescription

/// A room: one leaf folder under Sources, with the rooms and products it may import.
func room(
    _ name: String, _ path: String, _ dependencies: [Target.Dependency] = [],
    _ kind: (String, [Target.Dependency], String, [SwiftSetting]) -> Target = Room.library
) -> Target {
    kind(name, dependencies, "Sources/\(path)/\(name)", Room.strict)
}

func tests(_ name: String, _ path: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: dependencies,
        path: path.isEmpty ? "Tests/\(name)" : "Tests/\(path)/\(name)", swiftSettings: Room.strict)
}

enum Room {
    static let strict: [SwiftSetting] = [
        .strictMemorySafety(), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
        .enableExperimentalFeature("Lifetimes"),
    ]

    static func library(
        _ name: String, _ dependencies: [Target.Dependency], _ path: String, _ settings: [SwiftSetting]
    ) -> Target {
        .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
    }

    static func program(
        _ name: String, _ dependencies: [Target.Dependency], _ path: String, _ settings: [SwiftSetting]
    ) -> Target {
        .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
    }

    static func system(
        _ name: String, _ dependencies: [Target.Dependency], _ path: String, _ settings: [SwiftSetting]
    ) -> Target {
        .systemLibrary(name: name, path: path)
    }

    /// Code that protoc wrote, which marks nothing as unsafe, beside the schemas that it was written from.
    static func schemas(
        _ name: String, _ dependencies: [Target.Dependency], _ path: String, _ settings: [SwiftSetting]
    ) -> Target {
        .target(
            name: name, dependencies: dependencies, path: path, exclude: ["attune", "generate.sh"],
            swiftSettings: [.treatAllWarnings(as: .error)])
    }

    static func shim(
        _ name: String, _ dependencies: [Target.Dependency], _ path: String, _ settings: [SwiftSetting]
    ) -> Target {
        .target(
            name: name, dependencies: dependencies, path: path,
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])])
    }
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
    name: "attune",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "attune", targets: ["attune"]),
        .library(name: "Wire", targets: ["Wire"]),
        .library(name: "Rings", targets: ["Rings", "SharedMemory"]),
        .library(name: "SharedState", targets: ["SharedState"]),
        .library(name: "RocksStorage", targets: ["RocksStorage", "Storage"]),
        .library(name: "ModelHistory", targets: ["ModelHistory"]),
        .library(name: "Sealing", targets: ["Sealing", "Storage"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        room("Identifiers", "Core"),
        room("CWire", "Core", [], Room.shim),
        room("Wire", "Core", ["CWire"]),
        room("CSharedMemory", "IPC", [], Room.shim),
        room("SharedMemory", "IPC", ["CSharedMemory"]),
        room("SharedState", "IPC", ["Identifiers", "SharedMemory", "CSharedMemory"]),
        room("Rings", "IPC", ["SharedMemory", "CSharedMemory"]),
        room("Storage", "Persistence"),
        room("CRocksDB", "Persistence", [], Room.system),
        room("CRocksLog", "Persistence", [], Room.shim),
        room("RocksStorage", "Persistence", ["Storage", "CRocksDB", "CRocksLog"]),
        room(
            "Schemas", "Persistence", [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            Room.schemas),
        room("Telemetry", "Core", ["Identifiers"]),
        room("Parquet", "Persistence"),
        room("MetricHistory", "Persistence", ["Storage", "Telemetry", "Identifiers"]),
        room(
            "Journal", "Persistence",
            [
                "Storage", "Schemas", "Parquet", "SharedMemory", "Rings", "Wire", "Telemetry", "Identifiers",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        room(
            "ModelHistory", "Persistence",
            ["Storage", "Schemas", .product(name: "Crypto", package: "swift-crypto")]),
        room(
            "Audit", "Security",
            [
                "Storage", "Schemas", "Telemetry", "Identifiers", "Wire",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        room("Sealing", "Security", ["Storage", .product(name: "Crypto", package: "swift-crypto")]),
        room("Sessions", "Core", ["Identifiers", "Wire"]),
        room("Routing", "Core", ["Identifiers", "Wire"]),
        room(
            "Forwarding", "Core",
            ["Identifiers", "Wire", "Sessions", "Routing", "Telemetry", "SharedMemory", "Rings"]),
        room("Learners", "Learning"),
        room("Patterns", "Learning", ["Learners", "Wire"]),
        room(
            "Orchestration", "Learning",
            [
                "Identifiers", "Storage", "Schemas", "Journal", "ModelHistory", "Learners", "Patterns",
                "Wire",
                "Telemetry", "SharedMemory", "Rings", "SharedState",
            ]),
        room(
            "Identity", "Security",
            [
                "Identifiers", "Sessions", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]),
        room(
            "Transports", "Edge",
            [
                "Sessions", "Telemetry", .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio),
        room("Processes", "Edge", [.product(name: "Subprocess", package: "swift-subprocess")]),
        room("Dashboard", "Edge", ["Identifiers", "Wire", "Telemetry", "Sessions", "MetricHistory"]),
        room("Configuration", "App", [.product(name: "TOMLKit", package: "TOMLKit")]),
        room(
            "Assembly", "App",
            [
                "Identifiers", "Telemetry", "Sessions", "Routing", "Forwarding", "Identity", "Transports",
                "Processes", "Dashboard", "Configuration", "SharedMemory", "Rings", "SharedState",
                "Orchestration", "Storage", "RocksStorage", "Journal", "MetricHistory", "ModelHistory",
                "Wire", "Audit", "Sealing",
            ]),
        room(
            "Measurement", "App",
            [
                "Identifiers", "Wire", "Telemetry", "Sessions", "Routing", "Forwarding", "Identity",
                "SharedMemory", "Rings", "SharedState", "Transports", "Storage", "RocksStorage", "Audit",
                "Sealing",
            ]),
        room(
            "Evaluation", "App",
            ["Learners", "Patterns", "Wire", .product(name: "Crypto", package: "swift-crypto")]),
        room(
            "attune", "App",
            [
                "Assembly", "Measurement", "Evaluation", "Configuration", "Telemetry", "Transports",
                "Processes", "Wire", "Identity", "Dashboard", "Storage", "RocksStorage", "Journal", "Parquet",
                "Schemas", "ModelHistory", "Audit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], Room.program),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: Room.strict),
        tests("WireTests", "Core", ["Wire", "CWire", "TestSupport"]),
        tests("TelemetryTests", "Core", ["Telemetry", "Identifiers"]),
        tests("SessionsTests", "Core", ["Sessions", "Wire", "Identifiers", "TestSupport"]),
        tests("RoutingTests", "Core", ["Routing", "Wire", "Identifiers", "TestSupport"]),
        tests(
            "ForwardingTests", "Core",
            [
                "Forwarding", "Sessions", "Routing", "Telemetry", "Identifiers", "SharedMemory", "Rings",
                "TestSupport",
            ]),
        tests("LearnersTests", "Learning", ["Learners", "Patterns", "TestSupport"]),
        tests("PatternsTests", "Learning", ["Patterns", "Learners", "TestSupport"]),
        tests(
            "OrchestrationTests", "Learning",
            [
                "Identifiers", "Orchestration", "Learners", "Patterns", "Wire", "Journal", "ModelHistory",
                "Schemas", "Storage", "SharedMemory",
                "Rings", "SharedState", "TestSupport",
            ]),
        tests(
            "LearnerModelTests", "Learning",
            ["Orchestration", "Learners", "ModelHistory", "Storage", "TestSupport"]),
        tests(
            "AuditTests", "Security",
            [
                "Audit", "RocksStorage", "Storage", "Schemas", "Telemetry", "Identifiers", "TestSupport",
            ]),
        tests(
            "SealingTests", "Security",
            ["Sealing", "RocksStorage", "Storage", "StoreContract", "TestSupport"]),
        tests("IdentityTests", "Security", ["Identity", "Identifiers", "Sessions", "TestSupport"]),
        tests(
            "TransportsTests", "Edge",
            [
                "Transports", "Sessions", "Telemetry", "TestSupport",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio),
        tests("SharedMemoryTests", "IPC", ["SharedMemory", "CSharedMemory", "TestSupport"]),
        tests(
            "SharedStateTests", "IPC",
            ["SharedState", "SharedMemory", "Identifiers", "TestSupport", "TableFixture"]),
        .executableTarget(
            name: "TableFixture", dependencies: ["SharedState", "SharedMemory", "TestSupport"],
            path: "Tests/IPC/TableFixture", swiftSettings: Room.strict),
        tests("RingsTests", "IPC", ["Rings", "SharedMemory", "TestSupport", "RingFixture"]),
        .executableTarget(
            name: "RingFixture", dependencies: ["Rings", "SharedMemory"], path: "Tests/IPC/RingFixture",
            swiftSettings: Room.strict),
        // No test depends on it, since that would link its malloc into all tests; it is built with them.
        .executableTarget(
            name: "WatchedProducer", dependencies: ["CWitness", "Rings", "SharedMemory"],
            path: "Tests/IPC/WatchedProducer", swiftSettings: Room.strict),
        .target(
            name: "CWitness", path: "Tests/IPC/CWitness",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
        .target(
            name: "StoreContract", dependencies: ["Storage", "TestSupport"],
            path: "Tests/Persistence/StoreContract", swiftSettings: Room.strict),
        tests("StorageTests", "Persistence", ["Storage", "StoreContract", "TestSupport"]),
        tests(
            "RocksStorageTests", "Persistence",
            ["RocksStorage", "Storage", "StoreContract", "TestSupport", "StoreFixture"]),
        .executableTarget(
            name: "StoreFixture", dependencies: ["RocksStorage", "Storage", "TestSupport"],
            path: "Tests/Persistence/StoreFixture", swiftSettings: Room.strict),
        tests(
            "SchemasTests", "Persistence",
            ["Schemas", .product(name: "SwiftProtobuf", package: "swift-protobuf")]),
        tests(
            "MetricHistoryTests", "Persistence", ["MetricHistory", "Storage", "Telemetry", "TestSupport"]),
        tests("ParquetTests", "Persistence", ["Parquet", "TestSupport"]),
        .executableTarget(
            name: "ParquetFixture", dependencies: ["Parquet", "TestSupport"],
            path: "Tests/Persistence/ParquetFixture", swiftSettings: Room.strict),
        tests(
            "JournalTests", "Persistence",
            [
                "Journal", "Parquet", "Schemas", "Storage", "SharedMemory", "Rings", "Identifiers",
                "TestSupport",
            ]),
        tests(
            "ModelHistoryTests", "Persistence",
            ["ModelHistory", "RocksStorage", "Schemas", "Storage", "TestSupport", "HistoryFixture"]),
        .executableTarget(
            name: "HistoryFixture", dependencies: ["ModelHistory", "RocksStorage", "Storage", "TestSupport"],
            path: "Tests/Persistence/HistoryFixture", swiftSettings: Room.strict),
        tests("ProcessesTests", "Edge", ["Processes", "LifelineFixture"]),
        .executableTarget(
            name: "LifelineFixture", dependencies: ["Processes"], path: "Tests/Edge/LifelineFixture",
            swiftSettings: Room.strict),
        tests(
            "DashboardTests", "Edge",
            ["Dashboard", "MetricHistory", "Sessions", "Telemetry", "Identifiers", "Wire", "TestSupport"]),
        tests("EvaluationTests", "App", ["Evaluation", "Wire", "TestSupport"]),
        tests("ConfigurationTests", "App", ["Configuration", "TestSupport"]),
        tests(
            "AssemblyTests", "App",
            [
                "Assembly", "Configuration", "Identity", "ModelHistory", "RocksStorage", "SharedMemory",
                "Storage", "Transports", "TestSupport",
            ]),
        tests("Tidy", "", []),
    ],
    swiftLanguageModes: [.v6]
)
