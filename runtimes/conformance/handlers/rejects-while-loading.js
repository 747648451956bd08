Promise.reject(new Error('left alone'));
exports.handler = async () => 'never';
