import Identifiers

/// Writes structured log lines for one component of the gateway.
///
/// A value that is cheap to copy: each component holds its own, made by `component(_:)` or `server(_:)` from
/// the first. A disabled level costs one relaxed load: neither the message nor the fields are built. Fields
/// whose names speak of secrets are written as `[redacted]`; see `LogLine.isSecret`. May be called from any
/// thread.
package struct Log: Sendable {
    package let sink: LogSink
    package let component: String
    /// The configured name of the server that the component works for; empty if for none.
    package let server: String

    package init(sink: LogSink, component: String, server: String = "") {
        self.sink = sink
        self.component = component
        self.server = server
    }

    /// A log that drops everything.
    package static let none = Log(sink: .discarding, component: "none")

    package func component(_ name: String) -> Log { Log(sink: sink, component: name, server: server) }
    package func server(_ name: String) -> Log { Log(sink: sink, component: component, server: name) }

    package func isEnabled(_ level: LogLevel) -> Bool { sink.isEnabled(level) }

    package func trace(
        _ message: @autoclosure () -> String, call: CallID? = nil,
        _ fields: @autoclosure () -> LogFields = [:]
    ) {
        if isEnabled(.trace) { write(.trace, message(), call, fields()) }
    }

    package func debug(
        _ message: @autoclosure () -> String, call: CallID? = nil,
        _ fields: @autoclosure () -> LogFields = [:]
    ) {
        if isEnabled(.debug) { write(.debug, message(), call, fields()) }
    }

    package func info(
        _ message: @autoclosure () -> String, call: CallID? = nil,
        _ fields: @autoclosure () -> LogFields = [:]
    ) {
        if isEnabled(.info) { write(.info, message(), call, fields()) }
    }

    package func warn(
        _ message: @autoclosure () -> String, call: CallID? = nil,
        _ fields: @autoclosure () -> LogFields = [:]
    ) {
        if isEnabled(.warn) { write(.warn, message(), call, fields()) }
    }

    package func error(
        _ message: @autoclosure () -> String, call: CallID? = nil,
        _ fields: @autoclosure () -> LogFields = [:]
    ) {
        if isEnabled(.error) { write(.error, message(), call, fields()) }
    }

    /// Writes a line whose level is known only at run time.
    package func write(_ level: LogLevel, _ message: String, _ call: CallID?, _ fields: LogFields) {
        guard isEnabled(level) else { return }
        let line = LogLine(
            microseconds: WallClock.microseconds, level: level, component: component, server: server,
            call: call,
            message: message, fields: fields)
        sink.write(line.rendered(sink.format))
    }
}
