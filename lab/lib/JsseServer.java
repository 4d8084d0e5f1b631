// SPDX-License-Identifier: Apache-2.0
// A TLS server on Java's own JSSE: JsseServer ADDRESS PORT KEYSTORE.p12 PROTOCOL,PROTOCOL...
// Nothing is disabled in it, or TLS 1.0, 1.1 and SSL 3.0 could not be offered by a Java of today; the
// property lab.suites, a regular expression, keeps some suites only.

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Security;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

public final class JsseServer {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final byte[] PAGE =
        "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nlab\n".getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] args) throws Exception {
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        Security.setProperty("jdk.tls.legacyAlgorithms", "");
        SSLServerSocket listener = (SSLServerSocket) context(args[2]).getServerSocketFactory()
            .createServerSocket(Integer.parseInt(args[1]), 64, InetAddress.getByName(args[0]));
        listener.setEnabledProtocols(args[3].split(","));
        listener.setEnabledCipherSuites(withCertificate(listener.getSupportedCipherSuites()));
        while (true) {
            SSLSocket socket = (SSLSocket) listener.accept();
            Thread thread = new Thread(() -> serve(socket));
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static SSLContext context(String store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static String[] withCertificate(String[] suites) {
        String kept = System.getProperty("lab.suites", ".*");
        return java.util.Arrays.stream(suites)
            .filter(name -> name.matches(kept))
            .filter(name -> !name.contains("_anon_") && !name.contains("_NULL_") && !name.contains("KRB5"))
            .toArray(String[]::new);
    }

    private static void serve(SSLSocket socket) {
        try (socket) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            socket.getInputStream().read(new byte[4096]);
            socket.getOutputStream().write(PAGE);
        } catch (IOException refusedOrGone) {
            // What a client may do is no business of this server.
        }
    }
}
