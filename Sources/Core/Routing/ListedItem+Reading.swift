import Wire

extension ListedItem {
    /// Reads one element of a list result.
    static func read(
        _ element: JSONView, _ kind: ListKind, dropsInvalidHeaders: Bool
    ) -> Result<ListedItem, ItemDrop> {
        var name: JSONView?
        var title: String?
        var annotations: JSONView?
        var schema: JSONView?
        for member in element.members {
            switch member.key {
            case kind.nameKey:
                if name != nil { return .failure(.repeatedNameKey) }
                name = member.value
            case "title": title = title ?? member.value.string
            case "annotations": annotations = annotations ?? member.value
            case "inputSchema": schema = schema ?? member.value
            default: continue
            }
        }
        guard let name, let text = name.string, (1...ItemList.maxNameBytes).contains(text.utf8.count) else {
            return .failure(.noName)
        }
        let start = element.range.start
        var item = ListedItem(
            bytes: element.rawBytes, name: text, nameRange: name.range.moved(back: start), title: title,
            inputSchema: .none, hints: ToolHints(), parameterHeaders: [])
        guard kind == .tools else { return .success(item) }
        if let annotations, annotations.kind == .object {
            item.title = title ?? annotations["title"]?.string
            item.hints = ToolHints(annotations)
        }
        guard let schema else { return .success(item) }
        item.inputSchema = schema.range.moved(back: start)
        do {
            item.parameterHeaders = try ParameterHeaderScan.headers(in: schema)
        } catch {
            if dropsInvalidHeaders { return .failure(ItemDrop(error)) }
        }
        return .success(item)
    }
}

extension ToolHints {
    fileprivate init(_ annotations: JSONView) {
        self.init(
            readOnly: annotations["readOnlyHint"]?.bool, destructive: annotations["destructiveHint"]?.bool,
            idempotent: annotations["idempotentHint"]?.bool, openWorld: annotations["openWorldHint"]?.bool)
    }
}

extension ItemDrop {
    fileprivate init(_ fault: ParameterHeaderScan.Fault) {
        switch fault {
        case .nameNotToken: self = .headerNameNotToken
        case .repeatedName: self = .headerNameRepeated
        case .type: self = .headerType
        case .unreachable: self = .headerUnreachable
        case .tooMany: self = .headersTooMany
        }
    }
}

extension ByteRange {
    fileprivate func moved(back offset: UInt32) -> ByteRange {
        ByteRange(start: start - offset, end: end - offset)
    }
}
