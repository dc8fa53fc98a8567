package gslb.config;

import java.net.InetSocketAddress;

/// @param listen loopback address of the admin API
public record AdminSettings(InetSocketAddress listen) {}
