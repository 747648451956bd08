exports.handler = async () => {
  setInterval(() => {}, 1000);
  return 'at once';
};
