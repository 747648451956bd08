Promise.prototype.then = function () {
  return 'forged';
};
Promise.prototype.catch = Promise.prototype.then;
exports.handler = async (event) => event;
