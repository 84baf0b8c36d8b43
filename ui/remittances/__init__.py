"""Pages of remittances with the proof of their balance."""
