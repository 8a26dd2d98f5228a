extension SeriesAnomaly {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(count)
        encoder.write(latest)
        encoder.write(evidence)
        for mean in [level, brief, long, changes, longChanges, allChanges, smooth] { mean.save(to: &encoder) }
        day.save(to: &encoder)
        week.save(to: &encoder)
        for tail in tails { tail.save(to: &encoder) }
        gate.save(to: &encoder)
    }

    /// Reads a detector; nil from bytes that none wrote.
    package init?(level threshold: Float = AlarmGate.standardLevel, restoring decoder: inout ByteDecoder) {
        self.init(level: threshold)
        let most = 3 * Float(Self.aspects.count) * ExcessTail.most
        guard let count = decoder.integer(upTo: 1 << 62), let latest = decoder.double(),
            latest.magnitude <= Self.mostValue, let evidence = decoder.float(), evidence >= 0,
            evidence <= most, restoreMeans(&decoder),
            let day = SeasonalProfile(slots: Self.slots.day, restoring: &decoder),
            let week = SeasonalProfile(slots: Self.slots.week, restoring: &decoder)
        else { return nil }
        (self.count, self.latest, self.evidence) = (count, latest, evidence)
        (self.day, self.week) = (day, week)
        for index in tails.indices {
            guard let tail = ExcessTail(restoring: &decoder) else { return nil }
            tails[index] = tail
        }
        guard let gate = AlarmGate(level: threshold, restoring: &decoder) else { return nil }
        self.gate = gate
    }

    private mutating func restoreMeans(_ decoder: inout ByteDecoder) -> Bool {
        let rates = Self.rates
        guard let level = SmoothedMean(rate: rates.level, restoring: &decoder),
            let brief = SmoothedMean(rate: rates.brief, restoring: &decoder),
            let long = SmoothedMean(rate: rates.long, restoring: &decoder),
            let changes = SmoothedMean(rate: rates.changes, restoring: &decoder),
            let longChanges = SmoothedMean(rate: rates.longChanges, restoring: &decoder),
            let allChanges = SmoothedMean(rate: rates.allChanges, restoring: &decoder),
            let smooth = SmoothedMean(rate: rates.smooth, restoring: &decoder)
        else { return false }
        (self.level, self.brief, self.long, self.smooth) = (level, brief, long, smooth)
        (self.changes, self.longChanges, self.allChanges) = (changes, longChanges, allChanges)
        return true
    }
}
