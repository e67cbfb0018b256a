"""Peer support: a colleague who offered to listen, asked without a name; names only once somebody accepts."""
