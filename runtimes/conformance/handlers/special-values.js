exports.handler = async () => ({ a: undefined, b: Number.NaN, c: new Date(0), d: [undefined], e: '\u2028\ud83d\ude00' });
