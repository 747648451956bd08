const circular = {};
circular.self = circular;
global.store.Write('k', circular, callback);
