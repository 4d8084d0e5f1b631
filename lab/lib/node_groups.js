// SPDX-License-Identifier: Apache-2.0
// A TLS server on Node.js with a list of groups of its own: node_groups.js ADDRESS PORT CERTIFICATE GROUPS,
// `auto` for what its OpenSSL prefers. Where a group is unknown it ends, so that an old Node.js is noticed.
'use strict';

const fs = require('node:fs');
const tls = require('node:tls');

const [address, port, certificate, ecdhCurve] = process.argv.slice(2);
const options = {
  cert: fs.readFileSync(`${certificate}.crt`),
  key: fs.readFileSync(`${certificate}.key`),
  ecdhCurve,
};

const server = tls.createServer(options, (socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nlab\n'));
});
server.on('tlsClientError', () => {}); // Node closes the connection itself
server.listen(Number(port), address);
