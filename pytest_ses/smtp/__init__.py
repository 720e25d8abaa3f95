"""SES's SMTP interface without sockets: sessions, messages as requests, and passwords."""
