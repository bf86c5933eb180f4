"""The door for systems of schools and police: what a person may do on the pages, in JSON, with the same words."""
