exports.main = async () => { throw 'just text'; };
