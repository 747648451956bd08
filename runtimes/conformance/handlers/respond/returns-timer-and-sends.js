exports.main = (context, sendResponse) => setTimeout(() => sendResponse({ body: 'sent' }), 5);
