/// Load runs and measurements, by hand and side by side with other servers.
@NullMarked
package gslb.bench;

import org.jspecify.annotations.NullMarked;
