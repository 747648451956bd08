(async () => { await null; throw new TypeError('in the arrow'); })();
