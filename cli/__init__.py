"""The composition root: commands, the embedded servers and the only place where settings become objects."""
