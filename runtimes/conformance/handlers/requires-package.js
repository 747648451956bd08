const dependency = require('dependency');
exports.handler = async () => dependency;
