exports.main = (context, sendResponse) => setTimeout(() => {}, 5);
