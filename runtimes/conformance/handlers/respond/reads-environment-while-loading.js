const key = process.env.GREETING;
exports.main = (context, sendResponse) => sendResponse({ body: [key, process.env.GREETING] });
