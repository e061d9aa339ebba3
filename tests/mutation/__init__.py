"""Whether the tests of the policy notice when the policy is changed: `make mutate`."""
