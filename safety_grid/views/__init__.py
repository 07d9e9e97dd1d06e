"""Pages of the safety grid."""
