global.store.Read('k', () => {
  throw new TypeError('in the callback');
});
