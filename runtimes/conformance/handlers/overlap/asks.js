exports.handler = (event, context, callback) => {
  const promise = global.store.read(`promise of ${event.name}`);
  global.store.read(`callback of ${event.name}`, async (error, first) => {
    console.log('answered', event.name);
    callback(error, [first, await promise]);
  });
};
