process.on('beforeExit', () => console.log('user beforeExit'));
exports.handler = (event, context, callback) => callback(null, 'with listener');
