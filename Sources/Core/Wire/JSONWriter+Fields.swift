extension JSONWriter {
    public mutating func field(_ key: StaticString, _ value: String) {
        self.key(key)
        self.value(value)
    }

    public mutating func field(_ key: StaticString, _ value: Int) {
        self.key(key)
        self.value(value)
    }

    public mutating func field(_ key: StaticString, _ value: Bool) {
        self.key(key)
        self.value(value)
    }

    public mutating func field(_ key: StaticString, _ value: Double) {
        self.key(key)
        self.value(value)
    }

    public mutating func field(_ key: StaticString, raw value: [UInt8]) {
        self.key(key)
        raw(value)
    }

    public mutating func field(_ key: StaticString, raw value: ArraySlice<UInt8>) {
        self.key(key)
        raw(value)
    }

    public mutating func field(_ key: StaticString, raw value: JSONView) {
        self.key(key)
        raw(value)
    }
}
