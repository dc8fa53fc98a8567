/// What is alive: monitors, probes, the judge, votes and the quorum. Sockets and threads only at
/// the edge (probes, the loop); judgement is pure.
@NullMarked
package gslb.health;

import org.jspecify.annotations.NullMarked;
