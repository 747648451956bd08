let late = 0;
setImmediate(() => finish(LATER));
function finish(value) { callback(null, [value, twice(2), event.data, context.function.id]); }
var LATER = 'not yet';
const twice = (n) => n * 2;
