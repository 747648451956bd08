exports.main = async (context, sendResponse) => { sendResponse({ body: 'kept' }); throw new Error('after the response'); };
