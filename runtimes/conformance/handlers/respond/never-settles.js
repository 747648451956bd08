exports.main = (context, sendResponse) => new Promise(() => {});
