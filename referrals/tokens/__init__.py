"""Keys for the systems of schools and police: made, replaced and revoked by people."""
