package gslb.config;

import gslb.base.SourceSpan;

/// The files that hold what the node shows to TLS clients, resolved.
///
/// @param where `tls` stands, for what is wrong with their contents
public record TlsSettings(String certificateFile, String keyFile, SourceSpan where) {}
