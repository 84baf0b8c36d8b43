"""Quality: samples, checklists, accuracies, agreement, and the process of an audit."""
