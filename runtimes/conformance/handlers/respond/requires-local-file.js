const { join } = require('./lib/join');
exports.main = (context, sendResponse) => sendResponse({ body: join('a', 'b') });
