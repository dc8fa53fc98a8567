/// What to answer: services, pools, verdicts and the policy compiler. Pure: no sockets, no threads,
/// no clocks; every type is immutable unless it says that one thread owns it.
@NullMarked
package gslb.steering;

import org.jspecify.annotations.NullMarked;
