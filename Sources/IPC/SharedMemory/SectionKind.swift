/// What a section holds.
public enum SectionKind: UInt32, Sendable, CaseIterable {
    case observationRing = 1
    case payloadRing = 2
    case commandRing = 3
    case stateTable = 4
    case cursors = 5
}
