"""Byte strings of which every file in cells holds one."""

CELLS = (b"cells", b"worksheets", b"%%", b"# databricks notebook source")
"""Those of notebooks, of percent scripts and of Databricks' source files."""
