exports.handler = async () => () => {};
