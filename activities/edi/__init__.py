"""The exchange with clearinghouses: batches out, answers in."""
