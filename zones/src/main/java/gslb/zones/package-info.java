/// Zone data: zone files read and checked, and the flat zone that is answered from. Knows that a
/// name has a dynamic slot, not what fills it. Everything is immutable once built, except the views
/// that one thread owns.
@NullMarked
package gslb.zones;

import org.jspecify.annotations.NullMarked;
