setInterval(() => console.log('tick'), 5);
callback(null, 'done');
