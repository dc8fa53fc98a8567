/// What tests need and the product does not: seeds, a clock that is advanced by hand, fault
/// injectors.
@NullMarked
package gslb.testkit;

import org.jspecify.annotations.NullMarked;
