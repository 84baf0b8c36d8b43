"""`python -m cli`: what the `caseload` script runs."""

from cli.main import main

main()
