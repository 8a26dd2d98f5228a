extension ConfigurationReader {
    mutating func readPersistence(_ entry: TOMLEntry) {
        var section = section(entry)
        if let path = section.text("rocksdb_path") { configuration.persistence.directory = path }
        if let time = section.seconds("checkpoint_interval", in: 1...2_592_000) {
            configuration.persistence.checkpointInterval = time
        }
        if let choice: PersistenceConfiguration.Compression = section.choice("compression") {
            configuration.persistence.compression = choice
        }
        if let days = section.integer("retention_days", in: 0...36_500) {
            configuration.persistence.retentionDays = days
        }
        if let days = section.integer("model_retention_days", in: 0...36_500) {
            configuration.persistence.modelRetentionDays = days
        }
        if let bytes = section.byteCount("retention_bytes", in: 0...(1 << 50)) {
            configuration.persistence.retentionBytes = bytes
        }
        if let encrypt = section.boolean("encrypt") { configuration.persistence.encrypt = encrypt }
        if let node = section.take("key") {
            configuration.persistence.key = secretSource(node, "key", section)
        }
        section.finish()
    }
}
