import Sessions

// What modern clients subscribe to.
extension LoopGateway {
    /// A modern client's `subscriptions/listen` over HTTP.
    func listen(_ incoming: Incoming, _ exchange: any HTTPExchange, over reply: HTTPReply) {
        guard let filter = agreedFilter(incoming) else { return }
        let stream = ClientStream(exchange, eventName: nil)
        let entry = StreamTable.Entry(
            stream: stream, endpoint: incoming.client.endpoint,
            audience: .listener(id: incoming.id, filter), ownsStream: true)
        guard streams.add(entry) else { return overloaded(incoming) }
        exchange.attachment = StreamHold(stream: stream, session: nil, endsSession: false)
        reply.beginStream()
        stream.send(GatewayMessages.acknowledged(filter, subscriptionID: incoming.id), isDroppable: false)
    }

    /// The same on a line connection.
    func listen(_ incoming: Incoming, on stream: ClientStream) {
        guard let filter = agreedFilter(incoming) else { return }
        let entry = StreamTable.Entry(
            stream: stream, endpoint: incoming.client.endpoint,
            audience: .listener(id: incoming.id, filter), ownsStream: false)
        guard streams.add(entry) else { return overloaded(incoming) }
        stream.send(GatewayMessages.acknowledged(filter, subscriptionID: incoming.id), isDroppable: false)
    }

    private func agreedFilter(_ incoming: Incoming) -> SubscriptionFilter? {
        guard phase != .draining else {
            refuseDraining(incoming)
            return nil
        }
        guard let params = incoming.params else {
            fail(incoming, .badParameter("notifications"))
            return nil
        }
        do throws(Refusal) {
            var filter = try SubscriptionFilter(params: params)
            filter.resources = []
            return filter
        } catch {
            fail(incoming, error)
            return nil
        }
    }
}
