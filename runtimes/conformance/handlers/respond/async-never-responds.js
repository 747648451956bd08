exports.main = async (context, sendResponse) => {};
