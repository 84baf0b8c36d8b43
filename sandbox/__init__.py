"""A practice clearinghouse: a strict trading partner on a real SFTP server that answers 837 files.

It imports no room of the product, so that it cannot share a mistake with it.
"""
