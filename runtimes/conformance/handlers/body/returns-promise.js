return new Promise(() => { setTimeout(() => callback(null, 'by callback'), 5); });
