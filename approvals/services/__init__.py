"""The inbox's verbs. Each is one transaction: lock the row, guard, change, audit, queue the delivery.

Restate is never called from here.
"""
