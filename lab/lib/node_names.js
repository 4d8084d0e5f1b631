// SPDX-License-Identifier: Apache-2.0
// A TLS server on Node.js that closes the connection for every name but one: node_names.js ADDRESS PORT
// CERTIFICATE NAME. Node sends no alert where SNICallback gives an error; without a name it is not called.
'use strict';

const fs = require('node:fs');
const tls = require('node:tls');

const [address, port, certificate, known] = process.argv.slice(2);
const context = tls.createSecureContext({
  cert: fs.readFileSync(`${certificate}.crt`),
  key: fs.readFileSync(`${certificate}.key`),
});
const options = {
  cert: fs.readFileSync(`${certificate}.crt`),
  key: fs.readFileSync(`${certificate}.key`),
  SNICallback: (name, done) => (name === known ? done(null, context) : done(new Error(`no host ${name}`))),
};

const server = tls.createServer(options, (socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nlab\n'));
});
server.on('tlsClientError', () => {}); // Node closes the connection itself
server.listen(Number(port), address);
