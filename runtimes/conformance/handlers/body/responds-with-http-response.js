const http = process.mainModule.require('node:http');
const server = http.createServer((_request, response) => response.end('body'));
server.listen(0, () => {
  const request = http.get({ port: server.address().port }, (response) => {
    if (event.data === 'toJSON') response.toJSON = () => ({ statusCode: response.statusCode });
    callback(null, response);
  });
});
