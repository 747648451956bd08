exports.main = (context, sendResponse) => {
  setTimeout(() => sendResponse({ body: 'sent' }), 20);
  return Promise.resolve({ data: 'of an upstream server' });
};
