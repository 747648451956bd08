class ConfigError(Exception):
    pass


raise ConfigError("no key")
