"""The X12 005010 codec: bytes to facts and facts to bytes, with the checker and the reader for people."""
