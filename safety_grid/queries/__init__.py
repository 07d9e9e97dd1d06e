"""Questions about the safety grid."""
