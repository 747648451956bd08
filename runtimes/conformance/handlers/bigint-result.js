exports.handler = (event, context, callback) => callback(null, { n: 1n });
