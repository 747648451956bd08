exports.handler = () => {
  setImmediate(() => {
    throw undefined;
  });
};
