// SPDX-License-Identifier: Apache-2.0
// Says "connected" where HttpsURLConnection completes a handshake, else why not.
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;

public class Get {
    public static void main(String[] args) throws Exception {
        HttpsURLConnection connection = (HttpsURLConnection) new URL(args[0]).openConnection();
        connection.setConnectTimeout(5000);
        connection.setReadTimeout(5000);
        try {
            connection.connect();
            System.out.println("connected");
        } catch (SSLException error) {
            System.out.println("failed: " + error.getMessage());
        }
    }
}
