exports.main = () => { Promise.reject(new TypeError('nobody listens')); setTimeout(() => {}, 1000); };
