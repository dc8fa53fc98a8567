/// One process: the composition root, the publisher, the state directory and the command line. The
/// only room that reads files and environment and wires threads.
@NullMarked
package gslb.node;

import org.jspecify.annotations.NullMarked;
