callback(null, 'kept');
process.nextTick(() => { throw new Error('after the callback'); });
Promise.reject(new Error('after the callback'));
