@NullMarked
package gslb.steering.places;

import org.jspecify.annotations.NullMarked;
