exports.handler = () => ({
  then() {
    throw new Error('then throws');
  },
});
