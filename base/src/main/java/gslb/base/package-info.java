/// What every room needs and nothing else: addresses, prefixes, DNS names, the PROXY codec,
/// diagnostics, the clock and counters. All types are immutable unless they say otherwise.
@NullMarked
package gslb.base;

import org.jspecify.annotations.NullMarked;
