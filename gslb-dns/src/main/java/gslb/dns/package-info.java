/// The authoritative DNS server: one responder for every transport, and the listeners around it.
@NullMarked
package gslb.dns;

import org.jspecify.annotations.NullMarked;
