"""Hard interactions and the debriefs that follow them."""
