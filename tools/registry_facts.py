# SPDX-License-Identifier: Apache-2.0
"""What IANA's files in data/registry/iana/ do not say: numbers that were never registered but are met in the
field, SSL 2.0, and extension types. Each row names its source. Input of gen_registry.py."""

DATE = "2026-11-23"

# (number, name, source): registered numbers that were renamed after the copy was made.
RENAMED_SUITES = [
    (0x1306, "TLS_AEGIS_256_SHA512", "draft-irtf-cfrg-aegis-aead; TLS_AEGIS_256_SHA384 until 2023"),
]

_FORTEZZA = "SSL 3.0, RFC 6101; RFC 5246 keeps the number free (0x001e was reused for Kerberos)"
_EXPORT1024 = "draft-ietf-tls-56-bit-ciphersuites-01"
_CPTLS = "draft-chudov-cryptopro-cptls-04"
_CECPQ1 = "BoringSSL 2016, CECPQ1 experiment"
_CHACHA_OLD = "draft-agl-tls-chacha20poly1305-04; replaced by 0xcca8 to 0xccaa of RFC 7905"
_TLCP = "GM/T 0024, GB/T 38636 (TLCP)"
_SALSA20 = "draft-josefsson-salsa20-tls-04"
_NSS_FIPS = "NSS sslproto.h"

# `_OLD` marks numbers whose name was registered later with another number; testssl.sh calls them so as well.
UNREGISTERED_SUITES = [
    (0x001C, "SSL_FORTEZZA_KEA_WITH_NULL_SHA", _FORTEZZA),
    (0x001D, "SSL_FORTEZZA_KEA_WITH_FORTEZZA_CBC_SHA", _FORTEZZA),
    (0x0060, "TLS_RSA_EXPORT1024_WITH_RC4_56_MD5", _EXPORT1024),
    (0x0061, "TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5", _EXPORT1024),
    (0x0062, "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA", _EXPORT1024),
    (0x0063, "TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA", _EXPORT1024),
    (0x0064, "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA", _EXPORT1024),
    (0x0065, "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA", _EXPORT1024),
    (0x0066, "TLS_DHE_DSS_WITH_RC4_128_SHA", _EXPORT1024),
    (0x0080, "TLS_GOSTR341094_WITH_28147_CNT_IMIT", _CPTLS),
    (0x0081, "TLS_GOSTR341001_WITH_28147_CNT_IMIT", _CPTLS),
    (0x0082, "TLS_GOSTR341094_WITH_NULL_GOSTR3411", _CPTLS),
    (0x0083, "TLS_GOSTR341001_WITH_NULL_GOSTR3411", _CPTLS),
    (0x16B7, "TLS_CECPQ1_RSA_WITH_CHACHA20_POLY1305_SHA256", _CECPQ1),
    (0x16B8, "TLS_CECPQ1_ECDSA_WITH_CHACHA20_POLY1305_SHA256", _CECPQ1),
    (0x16B9, "TLS_CECPQ1_RSA_WITH_AES_256_GCM_SHA384", _CECPQ1),
    (0x16BA, "TLS_CECPQ1_ECDSA_WITH_AES_256_GCM_SHA384", _CECPQ1),
    (0xC0FF, "TLS_ECJPAKE_WITH_AES_128_CCM_8", "draft-cragie-tls-ecjpake-01 (Thread)"),
    (0xCC13, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD", _CHACHA_OLD),
    (0xCC14, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256_OLD", _CHACHA_OLD),
    (0xCC15, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256_OLD", _CHACHA_OLD),
    (0xE001, "ECDHE_SM1_SM3", _TLCP),
    (0xE003, "ECC_SM1_SM3", _TLCP),
    (0xE005, "IBSDH_SM1_SM3", _TLCP),
    (0xE007, "IBC_SM1_SM3", _TLCP),
    (0xE009, "RSA_SM1_SM3", _TLCP),
    (0xE00A, "RSA_SM1_SHA1", _TLCP),
    (0xE011, "ECDHE_SM4_CBC_SM3", _TLCP),
    (0xE013, "ECC_SM4_CBC_SM3", _TLCP),
    (0xE015, "IBSDH_SM4_CBC_SM3", _TLCP),
    (0xE017, "IBC_SM4_CBC_SM3", _TLCP),
    (0xE019, "RSA_SM4_CBC_SM3", _TLCP),
    (0xE01A, "RSA_SM4_CBC_SHA1", _TLCP),
    (0xE01C, "RSA_SM4_CBC_SHA256", _TLCP),
    (0xE051, "ECDHE_SM4_GCM_SM3", _TLCP),
    (0xE053, "ECC_SM4_GCM_SM3", _TLCP),
    (0xE055, "IBSDH_SM4_GCM_SM3", _TLCP),
    (0xE057, "IBC_SM4_GCM_SM3", _TLCP),
    (0xE059, "RSA_SM4_GCM_SM3", _TLCP),
    (0xE05A, "RSA_SM4_GCM_SHA256", _TLCP),
    (0xE410, "TLS_RSA_WITH_ESTREAM_SALSA20_SHA1", _SALSA20),
    (0xE411, "TLS_RSA_WITH_SALSA20_SHA1", _SALSA20),
    (0xE412, "TLS_ECDHE_RSA_WITH_ESTREAM_SALSA20_SHA1", _SALSA20),
    (0xE413, "TLS_ECDHE_RSA_WITH_SALSA20_SHA1", _SALSA20),
    (0xE414, "TLS_ECDHE_ECDSA_WITH_ESTREAM_SALSA20_SHA1", _SALSA20),
    (0xE415, "TLS_ECDHE_ECDSA_WITH_SALSA20_SHA1", _SALSA20),
    (0xE416, "TLS_PSK_WITH_ESTREAM_SALSA20_SHA1", _SALSA20),
    (0xE417, "TLS_PSK_WITH_SALSA20_SHA1", _SALSA20),
    (0xE418, "TLS_ECDHE_PSK_WITH_ESTREAM_SALSA20_SHA1", _SALSA20),
    (0xE419, "TLS_ECDHE_PSK_WITH_SALSA20_SHA1", _SALSA20),
    (0xE41A, "TLS_RSA_PSK_WITH_ESTREAM_SALSA20_SHA1", _SALSA20),
    (0xE41B, "TLS_RSA_PSK_WITH_SALSA20_SHA1", _SALSA20),
    (0xE41C, "TLS_DHE_PSK_WITH_ESTREAM_SALSA20_SHA1", _SALSA20),
    (0xE41D, "TLS_DHE_PSK_WITH_SALSA20_SHA1", _SALSA20),
    (0xE41E, "TLS_DHE_RSA_WITH_ESTREAM_SALSA20_SHA1", _SALSA20),
    (0xE41F, "TLS_DHE_RSA_WITH_SALSA20_SHA1", _SALSA20),
    (0xFEFE, "SSL_RSA_FIPS_WITH_DES_CBC_SHA", _NSS_FIPS),
    (0xFEFF, "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA", _NSS_FIPS),
    (0xFF85, "TLS_GOSTR341112_256_WITH_28147_CNT_IMIT_OLD", "OpenSSL 1.1.0 s3_lib.c; replaced by 0xc102"),
    (0xFF87, "TLS_GOSTR341112_256_WITH_NULL_GOSTR3411", "OpenSSL 1.1.0 s3_lib.c"),
    (0xFFE0, "SSL_RSA_OLDFIPS_WITH_3DES_EDE_CBC_SHA", _NSS_FIPS),
    (0xFFE1, "SSL_RSA_OLDFIPS_WITH_DES_CBC_SHA", _NSS_FIPS),
]

# Names that OpenSSL's engine suites have in ssl/s3_lib.c (3.0); `openssl ciphers` hides them without the engine,
# and testssl.sh calls them otherwise.
OPENSSL_GOST_NAMES = {
    0x0081: "GOST2001-GOST89-GOST89",
    0x0083: "GOST2001-NULL-GOST94",
    0xC100: "GOST2012-KUZNYECHIK-KUZNYECHIKOMAC",
    0xC101: "GOST2012-MAGMA-MAGMAOMAC",
    0xC102: "IANA-GOST2012-GOST8912-GOST8912",
    0xFF85: "LEGACY-GOST2012-GOST8912-GOST8912",
    0xFF87: "GOST2012-NULL-GOST12",
}

# number, name, effective key bits, source; the draft's seven and what SSLeay, BSAFE and testers added.
_SSL2 = "SSL 2.0 draft, C.4"
_SSLEAY = "SSLeay, OpenSSL ssl2.h; not in the draft"
SSL2_KINDS = [
    ("0x000000", "SSL_CK_NULL_WITH_MD5", "0", _SSLEAY),
    ("0x010080", "SSL_CK_RC4_128_WITH_MD5", "128", _SSL2),
    ("0x020080", "SSL_CK_RC4_128_EXPORT40_WITH_MD5", "40", _SSL2),
    ("0x030080", "SSL_CK_RC2_128_CBC_WITH_MD5", "128", _SSL2),
    ("0x040080", "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5", "40", _SSL2),
    ("0x050080", "SSL_CK_IDEA_128_CBC_WITH_MD5", "128", _SSL2),
    ("0x060040", "SSL_CK_DES_64_CBC_WITH_MD5", "56", _SSL2),
    ("0x060140", "SSL_CK_DES_64_CBC_WITH_SHA", "56", _SSLEAY),
    ("0x0700c0", "SSL_CK_DES_192_EDE3_CBC_WITH_MD5", "112", _SSL2),
    ("0x0701c0", "SSL_CK_DES_192_EDE3_CBC_WITH_SHA", "112", _SSLEAY),
    ("0x080080", "SSL_CK_RC4_64_WITH_MD5", "64", "BSAFE; OpenSSL ssl2.h; not in the draft"),
    ("0xff8000", "SSL_CK_DES_64_CFB64_WITH_MD5_1", "56", _SSLEAY),
    ("0xff8010", "SSL_CK_NULL", "0", _SSLEAY),
]

# number, name, status, source
_OQS = "Open Quantum Safe OpenSSL 1.1.1; AWS s2n-tls"
_CIRCL = "Cloudflare's experiments before 0x6399 was registered"
MORE_GROUPS = [
    (0x023A, "kyber512", "unregistered", _OQS),
    (0x023C, "kyber768", "unregistered", _OQS),
    (0x023D, "kyber1024", "unregistered", _OQS),
    (0x11EE, "curveSM2MLKEM768", "iana", "draft-yang-tls-hybrid-sm2-mlkem; registered after the copy"),
    (0x2F3A, "p256_kyber512", "unregistered", _OQS),
    (0x2F3C, "p384_kyber768", "unregistered", _OQS),
    (0x2F3D, "p521_kyber1024", "unregistered", _OQS),
    (0x4138, "CECPQ2", "unregistered", "BoringSSL 2018, CECPQ2 experiment"),
    (0xFE30, "X25519Kyber512Draft00", "unregistered", _CIRCL),
    (0xFE31, "X25519Kyber768Draft00Old", "unregistered", _CIRCL),
]

UNREGISTERED_SCHEMES = [
    (0x0840, "gostr34102012_256_intrinsic", "OpenSSL 3.0 t1_lib.c; draft-smyshlyaev-tls12-gost-suites"),
    (0x0841, "gostr34102012_512_intrinsic", "OpenSSL 3.0 t1_lib.c; draft-smyshlyaev-tls12-gost-suites"),
    (0xEDED, "gostr34102001_gostr3411", "OpenSSL 3.0 t1_lib.c"),
    (0xEEEE, "gostr34102012_256_gostr34112012_256", "OpenSSL 3.0 t1_lib.c"),
    (0xEFEF, "gostr34102012_512_gostr34112012_512", "OpenSSL 3.0 t1_lib.c"),
]

# number, name, status, source
_LTS = "draft-gutmann-tls-lts"
_TLMSP = "ETSI TS 103 523-2"
_DRAFT13 = "draft-ietf-tls-tls13-18"
EXTENSIONS = [
    ("0", "server_name", "iana", "RFC 6066"),
    ("1", "max_fragment_length", "iana", "RFC 6066"),
    ("2", "client_certificate_url", "iana", "RFC 6066"),
    ("3", "trusted_ca_keys", "iana", "RFC 6066"),
    ("4", "truncated_hmac", "iana", "RFC 6066"),
    ("5", "status_request", "iana", "RFC 6066"),
    ("6", "user_mapping", "iana", "RFC 4681"),
    ("7", "client_authz", "iana", "RFC 5878"),
    ("8", "server_authz", "iana", "RFC 5878"),
    ("9", "cert_type", "iana", "RFC 6091"),
    ("10", "supported_groups", "iana", "RFC 8422, RFC 7919"),
    ("11", "ec_point_formats", "iana", "RFC 8422"),
    ("12", "srp", "iana", "RFC 5054"),
    ("13", "signature_algorithms", "iana", "RFC 8446"),
    ("14", "use_srtp", "iana", "RFC 5764"),
    ("15", "heartbeat", "iana", "RFC 6520"),
    ("16", "application_layer_protocol_negotiation", "iana", "RFC 7301"),
    ("17", "status_request_v2", "iana", "RFC 6961"),
    ("18", "signed_certificate_timestamp", "iana", "RFC 6962"),
    ("19", "client_certificate_type", "iana", "RFC 7250"),
    ("20", "server_certificate_type", "iana", "RFC 7250"),
    ("21", "padding", "iana", "RFC 7685"),
    ("22", "encrypt_then_mac", "iana", "RFC 7366"),
    ("23", "extended_master_secret", "iana", "RFC 7627"),
    ("24", "token_binding", "iana", "RFC 8472"),
    ("25", "cached_info", "iana", "RFC 7924"),
    ("26", "tls_lts", "iana", _LTS),
    ("27", "compress_certificate", "iana", "RFC 8879"),
    ("28", "record_size_limit", "iana", "RFC 8449"),
    ("29", "pwd_protect", "iana", "RFC 8492"),
    ("30", "pwd_clear", "iana", "RFC 8492"),
    ("31", "password_salt", "iana", "RFC 8492"),
    ("32", "ticket_pinning", "iana", "RFC 8672"),
    ("33", "tls_cert_with_extern_psk", "iana", "RFC 8773"),
    ("34", "delegated_credential", "iana", "RFC 9345"),
    ("35", "session_ticket", "iana", "RFC 5077, RFC 8447"),
    ("36", "TLMSP", "iana", _TLMSP),
    ("37", "TLMSP_proxying", "iana", _TLMSP),
    ("38", "TLMSP_delegate", "iana", _TLMSP),
    ("39", "supported_ekt_ciphers", "iana", "RFC 8870"),
    ("40", "key_share_draft", "unregistered", "draft-ietf-tls-tls13-22 and earlier; 51 since"),
    ("41", "pre_shared_key", "iana", "RFC 8446"),
    ("42", "early_data", "iana", "RFC 8446"),
    ("43", "supported_versions", "iana", "RFC 8446"),
    ("44", "cookie", "iana", "RFC 8446"),
    ("45", "psk_key_exchange_modes", "iana", "RFC 8446"),
    ("46", "ticket_early_data_info", "unregistered", _DRAFT13),
    ("47", "certificate_authorities", "iana", "RFC 8446"),
    ("48", "oid_filters", "iana", "RFC 8446"),
    ("49", "post_handshake_auth", "iana", "RFC 8446"),
    ("50", "signature_algorithms_cert", "iana", "RFC 8446"),
    ("51", "key_share", "iana", "RFC 8446"),
    ("52", "transparency_info", "iana", "RFC 9162"),
    ("53", "connection_id_deprecated", "iana", "RFC 9146"),
    ("54", "connection_id", "iana", "RFC 9146"),
    ("55", "external_id_hash", "iana", "RFC 8844"),
    ("56", "external_session_id", "iana", "RFC 8844"),
    ("57", "quic_transport_parameters", "iana", "RFC 9001"),
    ("58", "ticket_request", "iana", "RFC 9149"),
    ("59", "dnssec_chain", "iana", "RFC 9102"),
    ("60", "sequence_number_encryption_algorithms", "iana", "draft-pismenny-tls-dtls-plaintext-sequence-number"),
    ("61", "rrc", "iana", "draft-ietf-tls-dtls-rrc"),
    ("62", "tls_flags", "iana", "draft-ietf-tls-tlsflags"),
    ("13172", "next_protocol_negotiation", "unregistered", "draft-agl-tls-nextprotoneg-04"),
    ("17513", "application_settings_old", "unregistered", "draft-vvv-tls-alps-01; BoringSSL tls1.h"),
    ("17613", "application_settings", "unregistered", "BoringSSL tls1.h; Chromium since 2024"),
    ("30031", "channel_id_old", "unregistered", "draft-balfanz-tls-channelid-00"),
    ("30032", "channel_id", "unregistered", "draft-balfanz-tls-channelid-01"),
    ("51764", "trust_anchors", "unregistered", "draft-ietf-tls-trust-anchor-ids; BoringSSL tls1.h"),
    ("64768", "ech_outer_extensions", "iana", "RFC 9849"),
    ("65037", "encrypted_client_hello", "iana", "RFC 9849"),
    ("65281", "renegotiation_info", "iana", "RFC 5746"),
    ("65445", "quic_transport_parameters_draft", "unregistered", "draft-ietf-quic-tls-13 to -32"),
    ("65486", "encrypted_server_name", "unregistered", "draft-ietf-tls-esni-02"),
]
