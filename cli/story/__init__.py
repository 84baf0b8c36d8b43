"""The story that `caseload demo` tells: a claim from registration to payment, every step with what proves it."""
