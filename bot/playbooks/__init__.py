"""What the playbooks say, as typed values: read, linted, reloaded, the last good set kept."""
