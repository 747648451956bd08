exports.handler = () => {
  this is no JavaScript;
};
