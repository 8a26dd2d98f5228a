"""What the gateway does not pass yet, and what it lacks; a test that passes all the same fails the run."""

# The beginning of a scenario's id: `NAME-CLIENT-SERVER-PATH`.
PENDING: dict[str, str] = {}

# The beginning of another test's id: `test_file.py::test_name[…]`.
TESTS: dict[str, str] = {}
