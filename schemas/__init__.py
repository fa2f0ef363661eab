"""What passes between the parts, and nothing else; imports nothing of ours."""
