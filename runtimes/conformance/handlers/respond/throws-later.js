exports.main = () => { setTimeout(() => { throw new TypeError('later'); }, 1); };
