exports.main = async () => ({ statusCode: 202, body: 'returned' });
