"""Code sets that may ship: ICD-10-CM whole, the numbers and formats of the others with short words of our own."""
