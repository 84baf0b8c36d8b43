"""Pure rules of the business: standard library only, no clock, no random, no I/O, no framework."""
