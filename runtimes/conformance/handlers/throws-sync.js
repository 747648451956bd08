exports.handler = () => {
  throw new RangeError('too far');
};
