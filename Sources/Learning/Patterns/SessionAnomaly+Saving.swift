import Learners

extension SessionAnomaly {
    package func save(to encoder: inout ByteEncoder) {
        results.save(to: &encoder)
        arguments.save(to: &encoder)
        known.save(to: &encoder)
        effects.save(to: &encoder)
        encoder.write(uses)
        encoder.write(UInt64(sessions.count))
        for (key, session) in sessions.sorted(by: { $0.key < $1.key }) {
            encoder.write(key)
            session.save(to: &encoder)
        }
    }

    /// Reads a learner; nil from bytes that none of these sizes wrote.
    package init?(_ sizes: Sizes = .standard, restoring decoder: inout ByteDecoder) {
        guard let results = ResultAnomaly(lineBits: sizes.resultBits, restoring: &decoder),
            let arguments = ByteModel(bits: sizes.argumentBits, restoring: &decoder),
            let known = RecentHashes(bits: sizes.wordBits, restoring: &decoder),
            let effects = AdditiveEffects(bits: sizes.effectBits, restoring: &decoder),
            let uses = decoder.integer(upTo: 1 << 62),
            let count = decoder.integer(upTo: UInt64(Self.mostSessions))
        else { return nil }
        (self.results, self.arguments, self.known) = (results, arguments, known)
        (self.effects, self.uses) = (effects, uses)
        for _ in 0..<count {
            guard let key = decoder.integer(), let session = Session(restoring: &decoder),
                session.lastUse <= uses
            else { return nil }
            sessions[key] = session
        }
    }
}

extension SessionAnomaly.Session {
    fileprivate func save(to encoder: inout ByteEncoder) {
        taint.save(to: &encoder)
        encoder.write(UInt64(copies))
        encoder.write(lastUse)
        encoder.write(worst == nil ? UInt64(0) : 1)
        guard let worst else { return }
        worst.facts.save(to: &encoder)
        let finding = worst.finding
        encoder.write(finding.probability)
        encoder.write(UInt64(finding.call))
        encoder.write(finding.toolBits)
        encoder.write(UInt64(finding.value.lowerBound))
        encoder.write(UInt64(finding.value.upperBound))
        encoder.write(finding.valueBits)
        encoder.write(finding.source.map { UInt64($0.call) + 1 } ?? 0)
        encoder.write(UInt64(finding.source?.offset ?? 0))
    }

    fileprivate init?(restoring decoder: inout ByteDecoder) {
        guard let taint = SessionTaint(restoring: &decoder), let copies = decoder.integer(upTo: 1 << 40),
            let lastUse = decoder.integer(upTo: 1 << 62), let isWorst = decoder.integer(upTo: 1)
        else { return nil }
        (self.taint, self.copies, self.lastUse) = (taint, Int(copies), lastUse)
        guard isWorst == 1 else { return }
        let mostBytes = UInt64(SessionAnomaly.mostBytes)
        guard let facts = SessionFacts(restoring: &decoder), let probability = decoder.float(),
            let call = decoder.integer(upTo: 1 << 40), let toolBits = decoder.float(),
            let first = decoder.integer(upTo: mostBytes), let last = decoder.integer(upTo: mostBytes),
            first <= last, let valueBits = decoder.float(),
            let sourceCall = decoder.integer(upTo: 1 << 40), let offset = decoder.integer(upTo: 1 << 32)
        else { return nil }
        worst = (
            SessionAnomaly.Finding(
                probability: probability, call: Int(call), toolBits: toolBits,
                value: Int(first)..<Int(last), valueBits: valueBits,
                source: sourceCall == 0 ? nil : (Int(sourceCall) - 1, Int(offset))), facts
        )
    }
}
