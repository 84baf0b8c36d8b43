"""Operations: processes and where they stand, incidents, and where time goes."""
