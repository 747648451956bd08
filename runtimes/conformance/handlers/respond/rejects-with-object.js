exports.main = async () => { throw { status: 404 }; };
