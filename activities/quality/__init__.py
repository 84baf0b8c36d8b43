"""The steps of an audit."""
