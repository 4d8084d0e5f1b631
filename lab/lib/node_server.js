// SPDX-License-Identifier: Apache-2.0
// A TLS server on Node.js: node_server.js ADDRESS PORT CERTIFICATE LOWEST HIGHEST CIPHERS [OPTIONS],
// the certificate without its suffix, the options as JSON.
'use strict';

const fs = require('node:fs');
const tls = require('node:tls');

const [address, port, certificate, minVersion, maxVersion, ciphers, more] = process.argv.slice(2);
const options = {
  cert: fs.readFileSync(`${certificate}.crt`),
  key: fs.readFileSync(`${certificate}.key`),
  minVersion,
  maxVersion,
  ciphers,
  ...JSON.parse(more ?? '{}'),
};

const server = tls.createServer(options, (socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nlab\n'));
});
server.on('tlsClientError', () => {}); // Node closes the connection itself
server.listen(Number(port), address);
