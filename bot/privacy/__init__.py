"""See, export and erase what is kept; how long it is kept; who looked at what; what happens on uninstall."""
