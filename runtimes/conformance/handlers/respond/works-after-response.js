exports.main = (context, sendResponse) => {
  sendResponse({ body: 'at once' });
  setTimeout(() => Promise.resolve().then(() => console.log('done after the response')), context.afterMs);
};
