"""The version of the package, kept where nothing else is, so that any file may ask for it."""

VERSION = "0.2.0"
