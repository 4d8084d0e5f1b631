// SPDX-License-Identifier: Apache-2.0
// Says "connected" where net/http's settings complete a handshake, else why not.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

func main() {
	pem, _ := os.ReadFile(os.Args[2])
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	config := &tls.Config{RootCAs: roots, NextProtos: []string{"h2", "http/1.1"}}
	connection, err := tls.Dial("tcp", os.Args[1], config)
	if err != nil {
		fmt.Println("failed:", err)
		return
	}
	fmt.Println("connected")
	connection.Close()
}
