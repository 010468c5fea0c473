"""Tests that belong to no single room: the harness, the cast, architecture and browser journeys."""
