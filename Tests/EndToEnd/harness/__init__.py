"""What the end-to-end tests stand on: the gateway as a process, clients, servers and the official schemas."""
