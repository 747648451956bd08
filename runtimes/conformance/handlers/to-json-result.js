exports.handler = async () => ({ toJSON: () => ({ shown: true }), hidden: true });
