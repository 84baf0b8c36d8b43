"""What workflows do to the world: load, ask the domain, store, return something small."""
