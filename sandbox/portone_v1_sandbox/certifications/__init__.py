"""본인인증: certifications, their window and one-time codes."""
