exports.main = () => ({ hello: 'world' });
