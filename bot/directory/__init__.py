"""Who is in the workspace: filled in bulk and by events, so that nothing is asked per person when sending."""
