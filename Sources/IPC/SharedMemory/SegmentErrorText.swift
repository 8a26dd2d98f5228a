extension SegmentError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .plan(let fault): "the segment can't be laid out: \(fault)"
        case .system(let call, let code): "the system refused to \(call.rawValue) the segment (error \(code))"
        case .notAFile: "the segment is not a regular file"
        case .notPrivate(let user, let mode):
            "the segment is not private: it belongs to user \(user) and has mode \(String(mode, radix: 8))"
        case .notSealed: "the segment is not sealed against shrinking"
        case .tooSmall(let bytes): "\(bytes) bytes are too few for a segment"
        case .wrongMagic: "the file is not a segment: it does not begin with ATTUNESG"
        case .unsupportedVersion(let found, let supported):
            "the segment has layout version \(found); this program reads "
                + supported.map(String.init).joined(separator: ", ")
        case .damagedHeader: "the segment's header is damaged: its checksum is not that of its bytes"
        case .unknownKind(let kind): "the segment is of unknown kind \(kind)"
        case .wrongSize(let header, let file):
            "the segment says that it has \(header) bytes, its file has \(file)"
        case .notLive(let state): "the segment is not live: its state is \(state)"
        case .malformedName: "the segment's name is not made of a-z, 0-9 and -"
        case .malformedRecordDescription: "the segment's description of its records is not ASCII text"
        case .tooManySections(let count): "the segment has \(count) sections, more than a segment can have"
        case .wrongEntrySize(let bytes): "the segment's directory has entries of \(bytes) bytes"
        case .unknownSectionKind(let section, let kind): "section \(section) is of unknown kind \(kind)"
        case .sectionOutOfBounds(let section, let offset, let bytes):
            "section \(section) (\(bytes) bytes at \(offset)) does not lie in the segment"
        case .sectionMisaligned(let section, let offset):
            "section \(section) begins at \(offset), which is not on a page boundary"
        case .sectionsOverlap(let first, let second): "sections \(first) and \(second) overlap"
        case .sectionRepeated(let first, let second):
            "sections \(first) and \(second) have one kind and index"
        }
    }
}

extension SegmentError.PlanFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .name: "its name is not 1 to 31 letters of a-z, 0-9 and -"
        case .sectionCount(let count): "\(count) sections are too many"
        case .recordDescription: "the description of its records is too long or not ASCII text"
        case .sectionBytes(let index, let bytes): "section \(index) can't have \(bytes) bytes"
        }
    }
}
