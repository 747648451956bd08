exports.handler = () => ({
  then(resolve) {
    setTimeout(() => resolve('thenable'), 5);
  },
});
