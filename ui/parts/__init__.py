"""The building blocks of every page: markup, tables, chips, money, times, forms, states and dialogs."""
