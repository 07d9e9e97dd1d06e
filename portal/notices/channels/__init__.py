"""The ways a notice leaves the portal: one module a channel, and the list of those this installation uses."""
