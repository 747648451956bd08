exports.handler = () => {
  throw undefined;
};
