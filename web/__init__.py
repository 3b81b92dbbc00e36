"""What the three doors share: headers, request ids, logs, health. It knows HTTP and nothing of the domain."""
