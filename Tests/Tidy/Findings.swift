import Testing

/// Fails the test that calls it, with each finding on a line of its own.
func expectNone(_ findings: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    let text = findings.joined(separator: "\n")
    #expect(findings.isEmpty, "\(findings.count) found:\n\(text)", sourceLocation: sourceLocation)
}
