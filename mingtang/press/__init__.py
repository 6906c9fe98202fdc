"""Paper: renders data that another room has frozen as PDF. Nothing below this room knows how paper is made."""
