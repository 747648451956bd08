exports.handler = async () => {
  process.on('exit', () => {
    console.log('exit listener ran');
  });
  setImmediate(() => {
    throw new Error('with listener');
  });
  await new Promise(() => {});
};
