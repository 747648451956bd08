import('axios').then(() => callback(null, 'no'), (error) => callback(error));
