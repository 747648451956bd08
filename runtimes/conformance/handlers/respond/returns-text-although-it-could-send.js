exports.main = (context, sendResponse) => 'text';
