"""The pages: show what services answer, hand them what a person decides, show again."""
