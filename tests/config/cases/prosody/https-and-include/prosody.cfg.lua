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
modules_enabled = { "tls", "saslauth", "bosh" }
modules_disabled = { "s2s" }
https_ports = { @P2@ }
https_interfaces = { "127.0.0.1" }
certificates = "@CASE@"
https_ssl = { protocol = "tlsv1_3", key = "@CASE@/rsa.key", certificate = "@PKI@/rsa.crt" }
VirtualHost "a.test"
Include "conf.d/*.cfg.lua"
c2s_ssl = { protocol = "tlsv1_2" }
VirtualHost "b.test"
