"""What Python's libraries reach on the tasks of `attune evaluate`, from the same files; one module a task."""
