exports.main = (context, sendResponse) => {
  sendResponse({ body: 'kept' });
  setTimeout(() => { throw new TypeError('long after'); }, 10);
};
