exports.handler = () => 'ignored';
