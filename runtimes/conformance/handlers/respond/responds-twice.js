exports.main = (context, sendResponse) => { sendResponse({ body: 'first' }); sendResponse({ body: 'second' }); sendResponse({ statusCode: 'nonsense' }); };
