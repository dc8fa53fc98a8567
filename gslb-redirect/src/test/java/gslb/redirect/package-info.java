/// Tests of the redirect tier, over loopback sockets where a client would notice.
@NullMarked
package gslb.redirect;

import org.jspecify.annotations.NullMarked;
