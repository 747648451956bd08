callback(null, [arguments.length, typeof module, typeof exports, typeof __dirname, this === globalThis, typeof require]);
