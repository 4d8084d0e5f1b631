ssl = { key = "@CASE@/rsa.key", certificate = "@PKI@/rsa.crt" }
