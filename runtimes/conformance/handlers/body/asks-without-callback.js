(async () => callback(null, await global.store.Read('my_key')))();
