"""The payables agent: pays many invoices at the same time, and changes a supplier's account when two teams agree."""
