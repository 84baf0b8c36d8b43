"""Operations: processes, incidents, and where time goes."""
