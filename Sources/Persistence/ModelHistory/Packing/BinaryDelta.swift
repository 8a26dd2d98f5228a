/// The difference of two versions of some bytes.
///
/// | bytes | what |
/// |---|---|
/// | 1, 1 | the parameters of the Rice codes of literals and of copied bytes |
/// | 4, 4, 4 | how many steps, jumps, and bytes of codes there are |
/// | 12 a jump | the step that jumps (4), by how much (8, two's complement) |
/// | | the codes: for each step its literals and its copied bytes |
/// | | the literals of all steps |
struct BinaryDelta {
    private struct Jump {
        var step: Int
        var distance: Int
    }

    private let literalParameter: Int
    private let copyParameter: Int
    private let stepCount: Int
    private let jumps: [Jump]
    private let codes: ArraySlice<UInt8>
    private let literals: ArraySlice<UInt8>

    /// Whether bytes that stay also stay where they are, so that applying it costs what changes only.
    var isInPlace: Bool { jumps.isEmpty }

    static func encode(from base: [UInt8], to target: [UInt8]) -> [UInt8] {
        let scan = DeltaScan(from: base, to: target)
        let literalParameter = RiceCode.parameter(
            sum: scan.steps.reduce(0) { $0 + $1.literals }, count: scan.steps.count)
        let copyParameter = RiceCode.parameter(
            sum: scan.steps.reduce(0) { $0 + $1.copied }, count: scan.steps.count)
        var bits = BitWriter()
        for step in scan.steps {
            bits.rice(step.literals, literalParameter)
            bits.rice(step.copied, copyParameter)
        }
        bits.finish()
        let jumps = scan.steps.enumerated().filter { $0.element.jump != 0 }
        var writer = CanonicalWriter()
        writer.byte(UInt8(literalParameter))
        writer.byte(UInt8(copyParameter))
        writer.count(scan.steps.count)
        writer.count(jumps.count)
        writer.count(bits.bytes.count)
        for (index, step) in jumps {
            writer.count(index)
            writer.integer(UInt64(bitPattern: Int64(step.jump)))
        }
        writer.raw(bits.bytes)
        writer.raw(scan.literals)
        return writer.bytes
    }

    /// None from bytes that no delta begins with.
    init?(_ bytes: [UInt8]) {
        var reader = CanonicalReader(bytes)
        guard let literalParameter = reader.byte(), literalParameter <= RiceCode.greatestParameter,
            let copyParameter = reader.byte(), copyParameter <= RiceCode.greatestParameter,
            let stepCount = reader.count(upTo: ModelLimits.modelBytes),
            let jumpCount = reader.count(upTo: stepCount),
            let codeBytes = reader.count(upTo: reader.left), reader.left >= 12 * jumpCount
        else { return nil }
        var jumps: [Jump] = []
        for _ in 0..<jumpCount {
            guard let step = reader.count(upTo: stepCount), let distance = reader.integer(UInt64.self) else {
                return nil
            }
            jumps.append(Jump(step: step, distance: Int(Int64(bitPattern: distance))))
        }
        guard let codes = reader.raw(codeBytes) else { return nil }
        self.literalParameter = Int(literalParameter)
        self.copyParameter = Int(copyParameter)
        self.stepCount = stepCount
        self.jumps = jumps
        self.codes = codes
        literals = reader.rest()
    }

    /// Makes the newer version of the older one.
    ///
    /// - Parameter length: of the newer one; nothing longer is made.
    /// - Returns: false, with the content in doubt, if the delta does not fit.
    /// - Complexity: linear in the changes if it is in place, else in the newer version.
    func apply(to content: inout [UInt8], length: Int) -> Bool {
        if isInPlace, content.count == length { return patch(&content) }
        var made: [UInt8] = []
        made.reserveCapacity(length)
        let isWhole = walk { literal, diagonal, copied in
            guard made.count + literal.count + copied <= length else { return false }
            made += literal
            let first = made.count.addingReportingOverflow(diagonal)
            guard copied > 0 else { return true }
            guard !first.overflow, first.partialValue >= 0, first.partialValue <= content.count - copied
            else { return false }
            made += content[first.partialValue..<first.partialValue + copied]
            return true
        }
        guard isWhole, made.count == length else { return false }
        content = made
        return true
    }

    private func patch(_ content: inout [UInt8]) -> Bool {
        var place = 0
        let isWhole = walk { literal, _, copied in
            guard literal.count + copied <= content.count - place else { return false }
            var target = place
            for byte in literal {
                content[target] = byte
                target += 1
            }
            place = target + copied
            return true
        }
        return isWhole && place == content.count
    }

    /// Gives each step: its literals, the diagonal that its run is on, and how long that is.
    private func walk(_ body: (ArraySlice<UInt8>, Int, Int) -> Bool) -> Bool {
        var bits = BitReader(codes)
        var jumps = jumps[...]
        var diagonal = 0
        var literal = literals.startIndex
        for step in 0..<stepCount {
            guard let literalCount = bits.rice(literalParameter), let copied = bits.rice(copyParameter),
                literalCount <= literals.endIndex - literal
            else { return false }
            if let jump = jumps.first, jump.step == step {
                let (sum, overflow) = diagonal.addingReportingOverflow(jump.distance)
                guard !overflow else { return false }
                diagonal = sum
                jumps = jumps.dropFirst()
            }
            guard body(literals[literal..<literal + literalCount], diagonal, copied) else { return false }
            literal += literalCount
        }
        return jumps.isEmpty && literal == literals.endIndex
    }
}
