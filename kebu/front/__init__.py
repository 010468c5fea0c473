"""front: the doors a person walks through, composing what the floors below offer."""
