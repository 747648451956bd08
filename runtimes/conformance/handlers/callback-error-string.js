exports.handler = (event, context, callback) => callback('Customer not found.');
