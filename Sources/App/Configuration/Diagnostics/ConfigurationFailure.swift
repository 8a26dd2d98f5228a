/// A configuration that cannot be used: all its errors, then its warnings, each in the order of the file.
package struct ConfigurationFailure: Error, Sendable, Equatable {
    /// At least one is an error.
    package var diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }
}
