let runs = 0;
const server = require('node:net').createServer();
exports.main = (context, sendResponse) => {
  runs += 1;
  if (runs === 1) server.listen(0);
  sendResponse({ body: { runs } });
};
