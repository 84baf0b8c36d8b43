"""What follows a denial: its class and its deadline when it is posted, and the steps of an appeal."""
