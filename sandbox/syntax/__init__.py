"""Judges 837 transaction sets as strictly as a 999 can say."""
