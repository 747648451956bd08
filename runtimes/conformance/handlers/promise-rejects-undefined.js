exports.handler = () => Promise.reject();
