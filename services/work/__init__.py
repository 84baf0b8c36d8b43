"""The one inbox for everything that waits for a person: queue, actions on items, notes, and drafts of forms."""
