/// What a history takes at most; what is read is held to the same.
public enum ModelLimits {
    public static let nameBytes = 128
    public static let parts = 4096
    /// All parts of one version; with their objects they fit in one batch of a store.
    public static let modelBytes = 60 << 20
    public static let parents = 8
    public static let authorBytes = 256
    public static let messageBytes = 16 << 10
    public static let metrics = 256
    /// Of an encoded `LearningData`.
    public static let dataBytes = 4 << 20
    /// Models of one store.
    public static let models = 256
    /// Branches and tags of one model.
    public static let references = 4096
}
