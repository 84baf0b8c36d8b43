"""Claims through the door: capture, correction, release, and the views that pages and programs show."""
