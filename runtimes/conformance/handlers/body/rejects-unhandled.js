Promise.reject(new TypeError('nobody listens'));
setTimeout(() => callback(null, 'too late'), 1000);
