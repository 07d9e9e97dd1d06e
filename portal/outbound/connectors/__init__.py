"""The ways a report reaches another system: one module a connector, and the list of them. The contract: docs/connectors.md."""
