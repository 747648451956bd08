exports.handler = (event, context, callback) => {
  setInterval(() => console.log('tick'), 5);
  callback(null, 'held for ever');
};
