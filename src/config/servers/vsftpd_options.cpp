// SPDX-License-Identifier: Apache-2.0
// vsftpd's options, as its binary of Debian 12 has them; see the header.
#include "config/servers/vsftpd_options.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_vsftpd_flags[] = {
    "anonymous_enable",
    "utf8_filesystem",
    "local_enable",
    "pasv_enable",
    "port_enable",
    "chroot_local_user",
    "write_enable",
    "anon_upload_enable",
    "anon_mkdir_write_enable",
    "anon_other_write_enable",
    "chown_uploads",
    "connect_from_port_20",
    "xferlog_enable",
    "dirmessage_enable",
    "anon_world_readable_only",
    "async_abor_enable",
    "ascii_upload_enable",
    "ascii_download_enable",
    "one_process_model",
    "xferlog_std_format",
    "pasv_promiscuous",
    "deny_email_enable",
    "chroot_list_enable",
    "setproctitle_enable",
    "text_userdb_names",
    "ls_recurse_enable",
    "log_ftp_protocol",
    "guest_enable",
    "userlist_enable",
    "userlist_deny",
    "use_localtime",
    "check_shell",
    "hide_ids",
    "listen",
    "port_promiscuous",
    "passwd_chroot_enable",
    "no_anon_password",
    "tcp_wrappers",
    "use_sendfile",
    "force_dot_files",
    "listen_ipv6",
    "dual_log_enable",
    "syslog_enable",
    "background",
    "virtual_use_local_privs",
    "session_support",
    "download_enable",
    "dirlist_enable",
    "chmod_enable",
    "secure_email_list_enable",
    "run_as_launching_user",
    "no_log_lock",
    "ssl_enable",
    "allow_anon_ssl",
    "force_local_logins_ssl",
    "force_local_data_ssl",
    "ssl_sslv2",
    "ssl_sslv3",
    "ssl_tlsv1",
    "tilde_user_enable",
    "force_anon_logins_ssl",
    "force_anon_data_ssl",
    "mdtm_write",
    "lock_upload_files",
    "pasv_addr_resolve",
    "debug_ssl",
    "require_cert",
    "validate_cert",
    "strict_ssl_read_eof",
    "strict_ssl_write_shutdown",
    "ssl_request_cert",
    "delete_failed_uploads",
    "implicit_ssl",
    "ptrace_sandbox",
    "require_ssl_reuse",
    "isolate",
    "isolate_network",
    "ftp_enable",
    "http_enable",
    "seccomp_sandbox",
    "allow_writeable_chroot",
};
constexpr std::string_view k_vsftpd_numbers[] = {
    "accept_timeout",
    "connect_timeout",
    "local_umask",
    "anon_umask",
    "ftp_data_port",
    "idle_session_timeout",
    "data_connection_timeout",
    "pasv_min_port",
    "pasv_max_port",
    "anon_max_rate",
    "local_max_rate",
    "listen_port",
    "max_clients",
    "file_open_mode",
    "max_per_ip",
    "trans_chunk_size",
    "delay_failed_login",
    "delay_successful_login",
    "max_login_fails",
    "chown_upload_mode",
};
constexpr std::string_view k_vsftpd_texts[] = {
    "secure_chroot_dir",
    "ftp_username",
    "chown_username",
    "xferlog_file",
    "vsftpd_log_file",
    "message_file",
    "nopriv_user",
    "ftpd_banner",
    "banned_email_file",
    "chroot_list_file",
    "pam_service_name",
    "guest_username",
    "userlist_file",
    "anon_root",
    "local_root",
    "banner_file",
    "pasv_address",
    "listen_address",
    "user_config_dir",
    "listen_address6",
    "cmds_allowed",
    "hide_file",
    "deny_file",
    "upload_file",
    "download_file",
    "user_sub_token",
    "email_password_file",
    "rsa_cert_file",
    "dsa_cert_file",
    "ssl_ciphers",
    "rsa_private_key_file",
    "dsa_private_key_file",
    "ca_certs_file",
    "cmds_denied",
};

std::vector<VsftpdOption> all_vsftpd_options() {
    std::vector<VsftpdOption> options;
    const auto add = [&](std::span<const std::string_view> names, VsftpdKind kind) {
        for (const std::string_view name : names) {
            options.push_back({name, kind});
        }
    };
    add(k_vsftpd_flags, VsftpdKind::flag);
    add(k_vsftpd_numbers, VsftpdKind::number);
    add(k_vsftpd_texts, VsftpdKind::text);
    return options;
}

} // namespace

const VsftpdOption* vsftpd_option(std::string_view name) {
    static const std::vector<VsftpdOption> options = all_vsftpd_options();
    const auto option = std::ranges::find(options, name, &VsftpdOption::name);
    return option == options.end() ? nullptr : &*option;
}

std::optional<bool> vsftpd_flag(std::string_view value) {
    for (const char* yes : {"YES", "TRUE", "1"}) {
        if (same_ignoring_case(value, yes)) {
            return true;
        }
    }
    for (const char* no : {"NO", "FALSE", "0"}) {
        if (same_ignoring_case(value, no)) {
            return false;
        }
    }
    return std::nullopt;
}

std::optional<std::string> rewritten_vsftpd_tlsv1(std::string_view /*old*/, VersionSet wanted) {
    return wanted.has(ProtocolVersion::tls_1_0) ? "YES" : "NO";
}

} // namespace tlsdoctor::config
