/// Where a client is: geo databases compiled into tables from address to place, and partitions of
/// the address space into classes with exact scopes.
@NullMarked
package gslb.steering.places;

import org.jspecify.annotations.NullMarked;
