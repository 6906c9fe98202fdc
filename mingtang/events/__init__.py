"""The event log: ``log.record()`` writes, ``follow.listener()`` listens."""
