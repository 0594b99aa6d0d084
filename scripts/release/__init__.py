"""The steps of a release: find what changed for users, choose the version, build, test and publish it."""
