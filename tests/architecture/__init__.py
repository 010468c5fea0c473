"""The rules of docs/architecture.md as tests: a convention that no test checks is a wish."""
