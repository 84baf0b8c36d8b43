"""What care management's workflows do outside themselves."""
