"""Tests for rule packs: the cases in their pages, and the contract that every rule keeps."""
