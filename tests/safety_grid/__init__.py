"""The safety grid."""
