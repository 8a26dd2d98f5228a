import Identifiers
import Wire

@testable import Routing

/// A listing as a real server's answer would give it.
func listing(
    _ server: UInt16, tools: [String]? = nil, prompts: [String]? = nil, resources: [String]? = nil,
    templates: [String]? = nil, hints: String = ""
) throws -> ServerListing {
    var listing = ServerListing(server: ServerID(server))
    listing.tools = try tools.map { try list(.tools, $0, hints) }
    listing.prompts = try prompts.map { try list(.prompts, $0, hints) }
    listing.resources = try resources.map { try list(.resources, $0, hints) }
    listing.resourceTemplates = try templates.map { try list(.resourceTemplates, $0, hints) }
    return listing
}

private func list(_ kind: ListKind, _ names: [String], _ hints: String) throws -> ItemList {
    let items = names.map { "{\"\(kind.nameKey)\": \(quoted($0)), \"x-number\": 1.0e+2}" }
    var list = ItemList(kind)
    _ = try list.append(page: json("{\"\(kind.itemsKey)\":[\(items.joined(separator: ","))]\(hints)}"))
    return list
}

func quoted(_ text: String) -> String { String(decoding: JSONWriter.quoted(text), as: UTF8.self) }

func json(_ text: String) throws -> JSONView { try JSONView(validating: Array(text.utf8)) }

func rules(_ id: UInt16, _ name: String, _ filter: ToolFilter = .all, renames: [String: String] = [:])
    -> ServerRules
{
    ServerRules(id: ServerID(id), name: name, filter: filter, renames: renames)
}

extension CatalogView {
    /// The names (or URIs) of all pages of a list, in order.
    func allNames(_ kind: ListKind) throws -> [String] {
        var names: [String] = []
        var cursor: String?
        repeat {
            guard let page = page(kind, cursor: cursor) else { return names }
            names += try JSONView(validating: page.items).elements.compactMap {
                $0.member(kind.nameKey)?.string
            }
            cursor = try page.nextCursor.flatMap { try JSONView(validating: $0).string }
        } while cursor != nil
        return names
    }

    func text(_ kind: ListKind) -> String? { page(kind).map { String(decoding: $0.items, as: UTF8.self) } }
}
