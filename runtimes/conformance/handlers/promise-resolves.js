exports.handler = async (event) => ({ doubled: event.n * 2 });
