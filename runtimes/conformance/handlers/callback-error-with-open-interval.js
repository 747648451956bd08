exports.handler = (event, context, callback) => {
  setInterval(() => {}, 1000);
  callback('at once');
};
