"""The wiring: settings, addresses, processes. Imports everybody, imported by nobody."""
