extension ConfigurationReader {
    mutating func readObservability(_ entry: TOMLEntry) {
        var section = section(entry)
        if let level: ObservabilityConfiguration.LogLevel = section.choice("log_level") {
            configuration.observability.logLevel = level
        }
        if let format: ObservabilityConfiguration.LogFormat = section.choice("log_format") {
            configuration.observability.logFormat = format
        }
        configuration.observability.logFile = section.text("log_file")
        configuration.observability.otlpEndpoint = section.text("otlp_endpoint")
        configuration.observability.fluentd = section.text("fluentd")
        section.finish()
    }
}
