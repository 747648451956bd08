exports.handler = async (size) => '€'.repeat(size);
