/// Where clients go when a configuration or the verdicts change: the shift from one plan to
/// another,
/// and the load of pools that fail or are drained.
@NullMarked
package gslb.steering.shift;

import org.jspecify.annotations.NullMarked;
