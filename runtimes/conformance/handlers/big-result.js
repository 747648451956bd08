exports.handler = async (size) => 'z'.repeat(size);
