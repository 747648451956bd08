(async () => {
  const { setTimeout } = process.getBuiltinModule ? process.getBuiltinModule('node:timers/promises') : { setTimeout: async () => {} };
  await setTimeout(5);
  callback(null, { async: true });
})();
