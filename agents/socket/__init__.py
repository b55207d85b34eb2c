"""The agents' socket: who is connected, what their frames do, what they are told."""
