global.counter = (global.counter || 0) + 1;
process.env.LEFT = (process.env.LEFT || '') + 'x';
callback(null, [global.counter, process.env.LEFT, process.env['WITH SPACE']]);
