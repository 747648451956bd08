exports.handler = async () => {
  const value = {};
  value.self = value;
  return value;
};
