/// How a key and a value are stored: in the slot, or in a block with the key in front.
struct ValueForm {
    let shape: SlotShape
    let block: BlockShape

    init(_ key: EntryKey, _ value: NewValue) {
        let keyBytes = unsafe key.bytes?.count ?? 0
        shape = unsafe SlotShape(
            valueBytes: value.bytes.count, keyBytes: keyBytes,
            kind: key.bytes == nil ? Slot.kindWord : Slot.kindBytes, isPinned: value.isPinned)
        let standsInSlot = keyBytes == 0 && shape.valueBytes <= 8
        block = BlockShape(bytes: standsInSlot ? nil : shape.valueOffset + shape.valueBytes)
    }
}
