"""The outside world: for each partner a Protocol, the real adapter, and a working stand-in."""
