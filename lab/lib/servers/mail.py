# SPDX-License-Identifier: Apache-2.0
"""Mail servers."""

import os

from servers.common import OPENSSL_NAMES, write


def dovecot(args):
    """Dovecot knows a lowest version only; a highest one reaches it through OpenSSL's own configuration."""
    if args.versions[-1] != "1.3":
        os.environ["OPENSSL_CONF"] = write(args, "openssl.cnf", f"""
openssl_conf = conf
[conf]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
MaxProtocol = {OPENSSL_NAMES[args.versions[-1]]}
""")
    address = " ".join(args.address)
    plain, tls = (args.port, 0) if args.plain else (0, args.port)
    config = write(args, "dovecot.conf", f"""
base_dir = {args.run}/run
state_dir = {args.run}/run
log_path = {args.run}/dovecot.log
import_environment = TZ OPENSSL_CONF
protocols = imap
mail_location = maildir:{args.run}/mail
passdb {{
  driver = static
  args = password=lab
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={args.run}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    address = {address}
    port = {plain}
  }}
  inet_listener imaps {{
    address = {address}
    port = {tls}
    ssl = yes
  }}
}}
ssl = yes
ssl_cert = <{args.certificate}.crt
ssl_key = <{args.certificate}.key
ssl_min_protocol = {OPENSSL_NAMES[args.versions[0]]}
ssl_cipher_list = {args.ciphers}
""")
    os.makedirs(os.path.join(args.run, "run"), exist_ok=True)
    return ["dovecot", "-F", "-c", config]
