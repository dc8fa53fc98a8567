package gslb.redirect;

import java.net.InetSocketAddress;
import java.util.List;

/// @param http plain HTTP listeners, HTTP/1.1 and h2c; none means no redirect tier
public record RedirectSettings(List<InetSocketAddress> http) {
  public RedirectSettings {
    http = List.copyOf(http);
  }
}
