"""What every answer says to the browser, whoever gives it: Django, the stored pages, the web server in front."""

# No page needs an outside host, a frame or an inline script. Desk pages with the text editor override the policy
# for themselves; a header that is already set is never replaced.
SECURITY_HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
