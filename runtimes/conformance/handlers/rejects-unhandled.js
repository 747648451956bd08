exports.handler = (event, context, callback) => {
  Promise.reject(event === 'string' ? 'text' : new TypeError('nobody listens'));
  setTimeout(callback, 1000);
};
