callback(null, 'kept');
throw new Error('after the callback');
