exports.main = async (context, sendResponse) => { await null; setInterval(() => {}, 1000); return { statusCode: 202, body: 'returned' }; };
