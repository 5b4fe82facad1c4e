"""What must hold before a release; see tests/release.sh."""
