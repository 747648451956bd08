exports.handler = (event, context, callback) => {
  const value = { step: 1 };
  callback(null, value);
  setTimeout(() => {
    value.step = 2;
  }, 5);
};
