exports.isAddress = (text) => typeof text === 'string' && /^[^@\s]+@[^@\s]+$/.test(text);
