package com.example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.*;
import java.nio.file.*;
import java.util.*;

/** Answers what `work` returns for its word, as JSON. */
public class Hello implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private static int count;

  @SuppressWarnings("unchecked")
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    Map<String, String> query = (Map<String, String>) event.get("queryStringParameters");
    try {
      return Map.of("statusCode", 200, "body", work(query == null ? "version" : query.get("what")));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String quoted(Object text) { return "\"" + text + "\""; }

  private static String work(String what) throws Exception {
    switch (what) {
      case "version": return quoted(System.getProperty("java.version"));
      case "count": return "" + ++count;
      case "lib": return quoted(Class.forName("dep.Price").getMethod("of").invoke(null));
      case "fails": throw new IllegalArgumentException("no such sale");
      case "sleeps": Thread.sleep(60_000); return "";
      case "exits": System.exit(3); return "";
      case "fills": List<byte[]> all = new ArrayList<>(); for (;;) all.add(new byte[1 << 20]);
      case "breaks": return breaks();
      case "folder": return quoted(Paths.get("settings.txt").toFile().length() + " " + new File("").getAbsolutePath());
      case "left": return quoted(String.join(",", new TreeSet<>(Arrays.asList(new File("/tmp").list()))));
      case "tls": return tls();
      case "child": return child();
      default: return tries();
    }
  }

  /** Writes where nothing is, as a library in C might. */
  private static String breaks() throws Exception {
    java.lang.reflect.Field unsafe = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
    unsafe.setAccessible(true);
    Object found = unsafe.get(null);
    found.getClass().getMethod("putLong", long.class, long.class).invoke(found, 8L, 1L);
    return "";
  }

  private static String child() throws Exception {
    Process child = new ProcessBuilder("sh", "-c", "pwd; echo $GREETING").start();
    return quoted(new String(child.getInputStream().readAllBytes()).replace("\n", " "));
  }

  private static String tls() throws Exception {
    java.security.KeyStore keys = java.security.KeyStore.getInstance("PKCS12");
    keys.load(new FileInputStream("server.p12"), "secret".toCharArray());
    javax.net.ssl.KeyManagerFactory managers = javax.net.ssl.KeyManagerFactory.getInstance("SunX509");
    managers.init(keys, "secret".toCharArray());
    javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    javax.net.ssl.SSLServerSocket server =
        (javax.net.ssl.SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
    Thread thread = new Thread(() -> {
      try (java.net.Socket socket = server.accept()) {
        socket.getInputStream().read();
        socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\ntrusted".getBytes());
      } catch (IOException e) {
        e.printStackTrace();
      }
    });
    thread.start();
    String text = new String(new java.net.URL("https://localhost:" + server.getLocalPort() + "/").openStream().readAllBytes());
    javax.net.ssl.TrustManagerFactory trust = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
    trust.init((java.security.KeyStore) null);
    int roots = ((javax.net.ssl.X509TrustManager) trust.getTrustManagers()[0]).getAcceptedIssuers().length;
    return quoted(text + " " + (roots > 10));
  }

  interface Act { Object run() throws Throwable; }

  private static String tried(String name, Act act) {
    String told;
    try {
      told = String.valueOf(act.run());
    } catch (Throwable e) {
      told = e.getClass().getSimpleName();
    }
    return quoted(name) + ":" + quoted(told);
  }

  private static String tries() {
    String engine = System.getProperty("java.home");
    return "{" + String.join(",",
        tried("code", () -> Files.writeString(Paths.get("/var/task/x"), "x")),
        tried("engine", () -> Files.writeString(Paths.get(engine, "lib/x"), "x")),
        tried("home", () -> new File("/root").exists()),
        tried("compilers", () -> new File(engine, "bin").list().length),
        tried("attach", () -> Class.forName("com.sun.tools.attach.VirtualMachine")
            .getMethod("attach", String.class).invoke(null, "" + ProcessHandle.current().pid())),
        tried("native", () -> {
          Files.write(Paths.get("/tmp/x.so"), new byte[100]);
          System.load("/tmp/x.so");
          return "loaded";
        }),
        tried("storm", () -> {
          Object gate = new Object();
          List<Thread> threads = new ArrayList<>();
          try {
            for (int i = 0; i < 5000; i++) {
              Thread thread = new Thread(() -> { synchronized (gate) { try { gate.wait(); } catch (InterruptedException e) { } } });
              threads.add(thread);
              thread.start();
            }
            return "done";
          } finally {
            for (Thread thread : threads) thread.interrupt();
          }
        })) + "}";
  }
}
