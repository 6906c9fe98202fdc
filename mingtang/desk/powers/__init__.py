"""What the desk's pages of powers share: whose turn it is, how rows are shown, how a power's text is typed."""
