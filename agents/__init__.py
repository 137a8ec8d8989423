"""The agents' wing: the approval library for ADK tools, and the sample agents that use it.

``python -m agents`` serves the samples to Restate. Nothing here imports Django; the inbox is spoken to over HTTP.
"""
