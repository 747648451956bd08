exports.handler = async () => {
  throw new Error('refused');
};
