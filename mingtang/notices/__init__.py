"""通知: the outbox. ``actions.queue()`` writes a message in the act's own transaction; a sender delivers it after."""
