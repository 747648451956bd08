let n = 0; exports.main = (context, sendResponse) => sendResponse({ body: ++n });
