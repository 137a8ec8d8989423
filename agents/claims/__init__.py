"""The claims agent: small expenses are paid by rule, larger ones when a person approves."""
