"""The parts of `bench fuzz`: files that are broken on purpose, reading them in two processes, posting some of them."""
