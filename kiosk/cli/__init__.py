"""The `takeback` command, one module a subcommand."""
