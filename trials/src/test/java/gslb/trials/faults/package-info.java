/// Faults of the protocol, planted one by one, and the tests that must see them.
@NullMarked
package gslb.trials.faults;

import org.jspecify.annotations.NullMarked;
