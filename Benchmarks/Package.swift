// swift-tools-version: 6.2
import PackageDescription

// Apart from the main package, so that nobody needs libsimdjson-dev to build Attune.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "attune", path: "..")],
    targets: [
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .executableTarget(
            name: "wire-bench", dependencies: [.product(name: "Wire", package: "attune"), "CSimdjson"],
            path: "Sources/WireBench",
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]),
        .target(name: "CRing"),
        .executableTarget(
            name: "ring-bench", dependencies: [.product(name: "Rings", package: "attune"), "CRing"],
            path: "Sources/RingBench",
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]),
        .target(name: "CRocksBench", linkerSettings: [.linkedLibrary("rocksdb")]),
        .executableTarget(
            name: "store-bench",
            dependencies: [.product(name: "RocksStorage", package: "attune"), "CRocksBench"],
            path: "Sources/StoreBench",
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "history-bench",
            dependencies: [
                .product(name: "ModelHistory", package: "attune"),
                .product(name: "RocksStorage", package: "attune"),
            ],
            path: "Sources/HistoryBench",
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "sealing-bench",
            dependencies: [
                .product(name: "Sealing", package: "attune"),
                .product(name: "RocksStorage", package: "attune"),
            ],
            path: "Sources/SealingBench",
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "state-bench", dependencies: [.product(name: "SharedState", package: "attune")],
            path: "Sources/StateBench",
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
