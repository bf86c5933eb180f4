"""Settings, all read from the environment: `local` (make run), `test` (make test) and `production` build on `base`."""
