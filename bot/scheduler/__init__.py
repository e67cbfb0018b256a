"""Due work across replicas: outbox, leases, settling, pacing, the two clocks.

The promise: nothing is lost, and nothing is sent twice unless Slack delivers a request later than the settle
window. Slack has no idempotency key, so an attempt is written down before it is made; when its answer is
lost, the conversation is read back and the message looked for before anything is sent again.
"""
