@NullMarked
package gslb.steering.shift;

import org.jspecify.annotations.NullMarked;
