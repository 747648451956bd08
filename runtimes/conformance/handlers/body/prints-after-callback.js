callback(null, 'done');
console.log('printed in the same turn');
Promise.resolve().then(() => console.log('printed by a promise'));
setTimeout(() => console.log('never printed'), 200);
