// SPDX-License-Identifier: Apache-2.0
// The rows of the servers, each defined in the file of its name.
#pragma once

#include "config/server.hpp"

namespace tlsdoctor::config {

const Server& nginx_server();      ///< nginx
const Server& apache_server();     ///< Apache
const Server& haproxy_server();    ///< HAProxy
const Server& postfix_server();    ///< Postfix
const Server& dovecot_server();    ///< Dovecot
const Server& lighttpd_server();   ///< lighttpd
const Server& stunnel_server();    ///< stunnel
const Server& caddy_server();      ///< Caddy
const Server& postgresql_server(); ///< PostgreSQL
const Server& mariadb_server();    ///< MariaDB
const Server& redis_server();      ///< Redis
const Server& openldap_server();   ///< OpenLDAP
const Server& vsftpd_server();     ///< vsftpd
const Server& proftpd_server();    ///< ProFTPD
const Server& exim4_server();      ///< Exim
const Server& hitch_server();      ///< hitch
const Server& tomcat_server();     ///< Tomcat
const Server& prosody_server();    ///< Prosody
const Server& mosquitto_server();  ///< Mosquitto
const Server& squid_server();      ///< Squid

} // namespace tlsdoctor::config
