"""Money at the bank: reading what a bank tells, finding the remittance behind it, and when a day is done."""
