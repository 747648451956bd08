exports.main = (context, sendResponse) => {
  throw new RangeError('too far'); };
