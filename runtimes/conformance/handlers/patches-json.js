JSON.stringify = () => '"forged"';
JSON.parse = () => 'forged';
Object.prototype.toJSON = () => 'forged';
exports.handler = async (event) => {
  if (event.fail) throw new Error('real');
  return event.n;
};
