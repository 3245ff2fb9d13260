"""The named suites, a TOML file each; `gan.suite.plan` says what may stand in one."""
