/// Tests of the admin API over loopback sockets.
@NullMarked
package gslb.admin;

import org.jspecify.annotations.NullMarked;
