exports.handler = async () => {
  setTimeout(() => {
    throw new Error('between runs');
  }, 20);
  return 'fine';
};
