/// The HTTP redirect tier on Undertow: host to service, client address to pool, 302 to the pool's
/// base URL. A request is answered on the I/O thread that read it, from one {@link
/// RedirectSnapshot}
/// that is read once; nothing on that path blocks or looks anything up elsewhere.
///
/// HTTP/1.1 is RFC 9112, HTTP/2 over clear text is RFC 9113, semantics are RFC 9110.
@NullMarked
package gslb.redirect;

import org.jspecify.annotations.NullMarked;
