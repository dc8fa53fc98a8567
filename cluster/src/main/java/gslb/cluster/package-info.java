/// What the other nodes know: votes carried by Hazelcast messages, and nothing answered from it.
@NullMarked
package gslb.cluster;

import org.jspecify.annotations.NullMarked;
