import ArgumentParser
import Measurement
import Wire

/// `attune bench targets`.
struct BenchTargetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "targets", abstract: "Measure each promise on this machine and say whether it holds.",
        discussion: "Needs no running gateway and takes some seconds. Exit 0 whether or not all hold.")

    @OptionGroup var config: ConfigurationOption
    @OptionGroup var output: OutputOption

    func run() throws {
        let rows: [TargetRow]
        do throws(MeasurementFailure) { rows = try Targets.measure() } catch {
            throw CommandFailure.measuring(error)
        }
        Console.data(output.isJSON ? Self.json(rows) : Array(Self.text(rows).utf8))
    }

    private static func json(_ rows: [TargetRow]) -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.field("target", row.target)
            json.field("unit", row.unit)
            json.field("bound", row.bound)
            json.field("value", rounded(row.value))
            json.field("holds", row.holds)
            json.field("conditions", row.conditions)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }

    private static func text(_ rows: [TargetRow]) -> String {
        var table = TextTable([
            .init("target"), .init("value", isNumber: true), .init("bound", isNumber: true), .init("unit"),
            .init("holds"), .init("conditions"),
        ])
        for row in rows {
            table.add([
                .init(row.target), .init(Amount.number(row.value)), .init(Amount.number(row.bound)),
                .init(row.unit), .init(row.holds ? "yes" : "no", row.holds ? .good : .bad),
                .init(row.conditions, .dim),
            ])
        }
        return table.rendered(Style(isColored: Console.isColored))
    }

    /// Three digits after the point, which is finer than any two runs agree.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
