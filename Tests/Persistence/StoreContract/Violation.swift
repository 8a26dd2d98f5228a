import Storage

/// What a store did against the contract.
public struct Violation: Error, CustomStringConvertible {
    public var description: String
}

func expect(_ isSo: Bool, _ what: @autoclosure () -> String, line: Int = #line) throws {
    guard isSo else { throw Violation(description: "line \(line): \(what())") }
}

func expectEqual<Value: Equatable>(_ found: Value, _ expected: Value, line: Int = #line) throws {
    try expect(found == expected, "found \(found), expected \(expected)", line: line)
}

/// Expects that a call throws just this error.
func expectError<Result>(
    _ expected: StorageError, line: Int = #line, _ call: () throws -> Result
) throws {
    do {
        _ = try call()
    } catch let error as StorageError {
        return try expectEqual(error, expected, line: line)
    }
    throw Violation(description: "line \(line): nothing was thrown, expected \(expected)")
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
