// SPDX-License-Identifier: Apache-2.0
// Says "connected" where https.get completes a handshake, else why not.
const request = require("https").get(process.argv[2], () => {
    console.log("connected");
    process.exit(0);
});
request.on("socket", (socket) => socket.on("secureConnect", () => {
    console.log("connected");
    process.exit(0);
}));
request.on("error", (error) => console.log("failed: " + error.message));
