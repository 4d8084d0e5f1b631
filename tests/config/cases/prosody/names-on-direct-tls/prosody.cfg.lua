data_path = "@CASE@/data"
pidfile = "@CASE@/data/p.pid"
run_as_root = true
interfaces = { "127.0.0.1" }
c2s_ports = { @P0@ }
c2s_direct_tls_ports = { @P1@ }
s2s_ports = { }
http_ports = { }
component_ports = { }
log = { info = "@CASE@/p.log" }
authentication = "internal_hashed"
modules_enabled = { "tls", "saslauth" }
modules_disabled = { "s2s" }
https_ports = { }
certificates = "@CASE@"
ssl = { key = "@CASE@/rsa.key", certificate = "@PKI@/rsa.crt", protocol = "tlsv1_2+" }
VirtualHost "a.test"
c2s_direct_tls_ssl = { protocol = "tlsv1_3", key = "@CASE@/a.key", certificate = "@PKI@/a.crt" }
VirtualHost "b.test"
ssl = { ciphers = "ECDHE-RSA-AES256-GCM-SHA384", curveslist = { "prime256v1" } }
c2s_direct_tls_ssl = { ciphers = { "ECDHE-RSA-AES128-GCM-SHA256" }, options = { "no_tlsv1_3" } }
