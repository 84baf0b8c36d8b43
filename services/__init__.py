"""The door: every command and every read that a person or a program may ask for."""
