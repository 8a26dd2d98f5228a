/// What a store takes at most.
public enum StorageLimits {
    public static let keyBytes = 8 << 10
    public static let valueBytes = 64 << 20
    /// Keys and values of one batch; more than the largest value with its key.
    public static let batchBytes = 96 << 20
    public static let batchOperations = 1 << 18

    /// - Throws: `tooLarge`.
    public static func check(_ batch: WriteBatch) throws(StorageError) {
        try check(.batchOperations, batch.operations.count, batchOperations)
        try check(.batchBytes, batch.bytes, batchBytes)
        try check(.keyBytes, batch.longestKey, keyBytes)
        try check(.valueBytes, batch.longestValue, valueBytes)
    }

    private static func check(_ bound: StorageError.Bound, _ found: Int, _ limit: Int) throws(StorageError) {
        guard found <= limit else { throw .tooLarge(bound, found: found, limit: limit) }
    }
}
