"""Due work across replicas: outbox, leases, settling, pacing, the two clocks."""
