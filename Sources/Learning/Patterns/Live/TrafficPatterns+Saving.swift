import Learners

/// What patterns are in the form in which they are kept.
///
/// | part | what | kept |
/// |---|---|---|
/// | `patterns` | accuracy, anomalies, tools with their streams, sessions | always |
/// | `patterns-tools` | the model of the next tool, or of the next call if texts are kept | always |
/// | `patterns-outcomes` | failures and latencies | always |
/// | `patterns-sequences` | frequent sequences and groups of sessions | always |
/// | `patterns-results` | hashes of calls and of what they gave | unless not even hashes are |
/// | `patterns-texts` | models of the bytes of arguments and results | if texts are |
///
/// A part that is missing begins anew. Models of bytes are no text, but text could be read out of them.
extension TrafficPatterns {
    package enum Part: String, Sendable, CaseIterable {
        case frame = "patterns"
        case tools = "patterns-tools"
        case outcomes = "patterns-outcomes"
        case sequences = "patterns-sequences"
        case results = "patterns-results"
        case texts = "patterns-texts"
    }

    /// What may be kept.
    package struct Keeping: Sendable, Equatable {
        /// Texts of arguments and results.
        package var texts: Bool
        /// Hashes of them.
        package var hashes: Bool

        package init(texts: Bool, hashes: Bool) { (self.texts, self.hashes) = (texts, hashes) }

        package static let all = Keeping(texts: true, hashes: true)
    }

    private static let version: UInt64 = 1

    /// - Complexity: some 10 ns a count; 1 s for what 100 MiB hold.
    package func parts(_ keeping: Keeping) -> [Part: [UInt8]] {
        var parts: [Part: [UInt8]] = [:]
        for part in Part.allCases where keeping.texts || part != .texts {
            guard keeping.hashes || part != .results else { continue }
            var encoder = ByteEncoder()
            save(part, keeping, to: &encoder)
            parts[part] = encoder.bytes
        }
        return parts
    }

    private func save(_ part: Part, _ keeping: Keeping, to encoder: inout ByteEncoder) {
        switch part {
        case .frame: saveFrame(keeping, to: &encoder)
        case .tools:
            encoder.write((keeping.texts ? 1 : 0) as UInt64)
            if keeping.texts {
                calls.saveAll(to: &encoder)
            } else if keeping.hashes {
                calls.saveTools(to: &encoder)
            } else {
                // What a session called is remembered by hashes.
                var forgetful = calls
                for key in sessions.keys { forgetful.end(session: key) }
                forgetful.saveTools(to: &encoder)
            }
        case .outcomes:
            failures.save(to: &encoder)
            latencies.save(to: &encoder)
        case .sequences:
            sequences.save(to: &encoder)
            groups.save(to: &encoder)
        case .results:
            caching.save(to: &encoder)
            repeats.save(to: &encoder)
        case .texts: texts.save(to: &encoder)
        }
    }

    private func saveFrame(_ keeping: Keeping, to encoder: inout ByteEncoder) {
        encoder.write(Self.version)
        encoder.write(UInt64(sizes.shift))
        encoder.write((sizes.hasArguments ? 1 : 0) as UInt64)
        encoder.write(learned)
        accuracy.save(to: &encoder)
        anomalies.save(to: &encoder)
        surprises.save(to: &encoder)
        encoder.write(UInt64(records.count))
        for record in records {
            var kept = record
            // Without the model of texts, what results were like says nothing.
            if !keeping.texts { kept.forgetResults() }
            kept.save(to: &encoder)
        }
        encoder.write(UInt64(calls.names.count))
        sessions.save(to: &encoder)
    }

    /// Reads patterns; nil from parts that none of these sizes wrote.
    package init?(_ sizes: PatternSizes, seed: UInt64 = 0, parts: [Part: [UInt8]]) {
        self.init(sizes, seed: seed)
        guard let frame = parts[.frame], let tools = parts[.tools],
            Self.read(tools, { self.readTools(&$0) }), Self.read(frame, { self.readFrame(&$0) }),
            parts[.outcomes].map({ bytes in Self.read(bytes) { self.readOutcomes(&$0) } }) ?? true,
            parts[.sequences].map({ bytes in Self.read(bytes) { self.readSequences(&$0) } }) ?? true,
            parts[.results].map({ bytes in Self.read(bytes) { self.readResults(&$0) } }) ?? true,
            parts[.texts].map({ bytes in Self.read(bytes) { self.readTexts(&$0) } }) ?? true
        else { return nil }
        if parts[.texts] == nil {
            for symbol in records.indices { records[symbol].forgetResults() }
        }
        changedTools = Array(records.indices)
        for symbol in records.indices { records[symbol].isChanged = true }
        changedSessions = sessions.places
    }

    private static func read(_ bytes: [UInt8], _ body: (inout ByteDecoder) -> Bool) -> Bool {
        var decoder = ByteDecoder(bytes)
        return body(&decoder) && decoder.isAtEnd
    }

    private mutating func readTools(_ decoder: inout ByteDecoder) -> Bool {
        guard let hasAll = decoder.integer(upTo: 1) else { return false }
        let read =
            hasAll == 1
            ? CallPredictor(sizes, restoringAll: &decoder) : CallPredictor(sizes, restoringTools: &decoder)
        guard let read else { return false }
        calls = read
        return true
    }

    private mutating func readFrame(_ decoder: inout ByteDecoder) -> Bool {
        guard decoder.integer() == Self.version, decoder.integer() == UInt64(sizes.shift),
            decoder.integer() == (sizes.hasArguments ? 1 : 0), let learned = decoder.integer(upTo: 1 << 62),
            let accuracy = TrafficAccuracy(restoring: &decoder),
            let anomalies = AnomalyLog(restoring: &decoder),
            let surprises = TailCounts(restoring: &decoder),
            let tools = decoder.integer(upTo: UInt64(sizes.mostTools))
        else { return false }
        (self.learned, self.accuracy, self.anomalies) = (learned, accuracy, anomalies)
        self.surprises = surprises
        for index in 0..<Int(tools) {
            guard let record = ToolRecord(restoring: &decoder),
                record.streams == nil || index < sizes.mostSeries
            else { return false }
            records.append(record)
        }
        guard decoder.integer() == UInt64(calls.names.count), records.count <= calls.names.count,
            let sessions = LiveSessions(sizes, tools: calls.names.count, restoring: &decoder)
        else { return false }
        self.sessions = sessions
        return true
    }

    private mutating func readOutcomes(_ decoder: inout ByteDecoder) -> Bool {
        guard let failures = FailureForecast(bits: sizes.forecastBits, restoring: &decoder),
            let latencies = LatencyForecast(bits: sizes.forecastBits, restoring: &decoder)
        else { return false }
        (self.failures, self.latencies) = (failures, latencies)
        return true
    }

    private mutating func readSequences(_ decoder: inout ByteDecoder) -> Bool {
        guard let sequences = FrequentSequences(bits: sizes.sequenceBits, restoring: &decoder),
            let groups = SessionClusters(most: sizes.clusters, restoring: &decoder)
        else { return false }
        (self.sequences, self.groups) = (sequences, groups)
        return true
    }

    private mutating func readResults(_ decoder: inout ByteDecoder) -> Bool {
        let mutationBits = sizes.mutationBits
        guard let caching = CacheForecast(bits: sizes.forecastBits, restoring: &decoder),
            let repeats = RepeatEvidence(
                bits: mutationBits, mostTools: sizes.mostTools, restoring: &decoder)
        else { return false }
        (self.caching, self.repeats) = (caching, repeats)
        return true
    }

    private mutating func readTexts(_ decoder: inout ByteDecoder) -> Bool {
        guard let texts = SessionAnomaly(sizes.anomaly, restoring: &decoder) else { return false }
        self.texts = texts
        return true
    }
}

extension TrafficPatterns {
    private static let mostPartBytes = 1 << 30

    /// Writes everything, one part after the other.
    package func save(to encoder: inout ByteEncoder) {
        let parts = parts(.all)
        for part in Part.allCases { encoder.write(parts[part] ?? []) }
    }

    /// Reads what `save` wrote; nil from bytes that none of these sizes wrote.
    package init?(_ sizes: PatternSizes, seed: UInt64 = 0, restoring decoder: inout ByteDecoder) {
        var parts: [Part: [UInt8]] = [:]
        for part in Part.allCases {
            guard let bytes = decoder.run(upTo: Self.mostPartBytes) else { return nil }
            parts[part] = bytes
        }
        self.init(sizes, seed: seed, parts: parts)
    }
}
