/// The HTTP redirect tier on Undertow: client address, host to service, 302 to the pool that
/// steering chooses.
@NullMarked
package gslb.redirect;

import org.jspecify.annotations.NullMarked;
