global.store.Write('k', 'x'.repeat(7 * 1024 * 1024), callback);
