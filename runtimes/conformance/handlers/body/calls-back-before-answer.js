global.store.Read('k', () => console.log('answered too late'));
callback(null, 'done');
