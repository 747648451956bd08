exports.handler = async (event, context, callback) => {
  callback(null, 'callback');
  return 'promise';
};
