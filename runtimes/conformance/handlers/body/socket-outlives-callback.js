const net = process.mainModule.require('node:net');
const server = net.createServer(() => {}).listen(0, () => {
  const socket = net.connect(server.address().port, () => callback(null, 'done'));
  socket.setKeepAlive(true);
});
