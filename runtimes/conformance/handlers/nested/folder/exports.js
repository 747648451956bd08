exports.api = { v1: { handler: async () => 'nested' } };
