"""Pages of denials, appeals, and the tables and playbooks behind them."""
